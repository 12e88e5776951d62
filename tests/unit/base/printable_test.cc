#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Feeds printable() one line per text and compares with what the script says it must be.
void compare(const Workshop& shop, const std::string& script) {
  shop.put("script.py", as_bytes(script));
  shop.must("python3 script.py");
  const std::string texts = as_text(shop.get("texts"));
  const std::string wanted = as_text(shop.get("wanted"));
  std::string shown;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < texts.size(); ++count) {
    const std::size_t end = texts.find('\n', begin);
    shown += printable(as_text(from_hex(texts.substr(begin, end - begin)))) + "\n";
    begin = end + 1;
  }
  CHECK(count > 500);
  shop.put("shown", as_bytes(shown));
  INFO(as_text(shop.run("cmp shown wanted; diff -a shown wanted | head -5").out));
  CHECK((shown == wanted));
}

TEST_CASE("Plain text is shown as it stands") {
  for (const std::string text :
       {"", "plain", " a  b ", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\\x41", "\"'`$", "~"}) {
    CHECK(printable(text) == text);
  }
}

TEST_CASE("What moves the cursor or hides text is escaped byte by byte") {
  using namespace std::string_literals;
  CHECK(printable("\x1b[2J") == "\\x1b[2J");
  CHECK(printable("a\r\nb\tc\x08\x7f\x07") == "a\\x0d\\x0ab\\x09c\\x08\\x7f\\x07");
  CHECK(printable("a\0b"s) == "a\\x00b");
  CHECK(printable("\xc2\x9b"
                  "2J") == "\\xc2\\x9b2J");  // CSI in one character
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a\\xe2\\x80\\xaeb");  // right-to-left override
  CHECK(printable("a\xe2\x81\xa6"
                  "b") == "a\\xe2\\x81\\xa6b");  // left-to-right isolate
  CHECK(printable("a\xe2\x80\x8b"
                  "b") == "a\\xe2\\x80\\x8bb");                    // zero-width space
  CHECK(printable("\xef\xbb\xbf") == "\\xef\\xbb\\xbf");           // byte order mark
  CHECK(printable("\xf3\xa0\x81\x81") == "\\xf3\\xa0\\x81\\x81");  // tag
}

TEST_CASE("Invalid UTF-8 is escaped and the text around it is not") {
  CHECK(printable("a\xff"
                  "b") == "a\\xffb");
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("\xc3(") == "\\xc3(");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // over U+10FFFF
  CHECK(printable("\xf5\x80\x80\x80") == "\\xf5\\x80\\x80\\x80");
  CHECK(printable("\xe2\x82\xc3\xa4") == "\\xe2\\x82\xc3\xa4");  // cut, then whole
}

// Default_Ignorable_Code_Point as the Unicode Standard 15.0 lists it (DerivedCoreProperties.txt),
// where no category names it, and the blank braille pattern.
constexpr const char* kIgnorable =
    "ignorable = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0} | set("
    "list(range(0x180b, 0x1810)) + list(range(0xfe00, 0xfe10)) + list(range(0xe0000, 0xe1000)))\n";

TEST_CASE(
    "Every character that Unicode calls a control, format, separator or ignorable is escaped") {
  const Workshop shop;
  compare(shop,
          std::string(kIgnorable) +
              "import unicodedata\n"
              "texts, wanted = open('texts', 'w'), open('wanted', 'wb')\n"
              "for code in list(range(0x30000)) + list(range(0xe0000, 0xe1000)):\n"
              "    kind = unicodedata.category(chr(code))\n"
              "    if kind in ('Cs', 'Cn', 'Co'): continue\n"
              "    data = chr(code).encode()\n"
              "    hide = kind in ('Cc', 'Cf', 'Zl', 'Zp', 'Zs') and code != 0x20 or code in "
              "ignorable\n"
              "    shown = ''.join('\\\\x%02x' % b for b in data).encode() if hide else data\n"
              "    texts.write(data.hex() + '\\n')\n"
              "    wanted.write(shown + b'\\n')\n");
}

TEST_CASE("Any two or three bytes are valid UTF-8 exactly where Python says so") {
  const Workshop shop;
  compare(
      shop,
      "import itertools, unicodedata\n"
      "texts, wanted = open('texts', 'w'), open('wanted', 'wb')\n"
      "edges = [0x41, 0x7e, 0x80, 0x8f, 0x90, 0x9f, 0xa1, 0xbf, 0xc0, 0xc1, 0xc3, 0xdf,\n"
      "         0xe0, 0xe1, 0xec, 0xed, 0xee, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff]\n"
      "for n in (1, 2, 3, 4):\n"
      "    for some in itertools.product(edges if n < 4 else edges[:8] + edges[-7:], repeat=n):\n"
      "        data = bytes(some)\n"
      "        text = data.decode('utf-8', 'surrogateescape')\n"
      "        shown = b''\n"
      "        for c in text:\n"
      "            raw = c.encode('utf-8', 'surrogateescape')\n"
      "            kind = unicodedata.category(c)\n"
      "            bad = kind in ('Cs', 'Cc', 'Cf', 'Zl', 'Zp')\n"
      "            shown += ''.join('\\\\x%02x' % b for b in raw).encode() if bad else raw\n"
      "        texts.write(data.hex() + '\\n')\n"
      "        wanted.write(shown + b'\\n')\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
