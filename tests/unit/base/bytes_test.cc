#include "base/bytes.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Bytes every_byte() {
  Bytes bytes(256);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

Refusal hex_refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(from_hex(text)); });
}

TEST_CASE("Texts and bytes turn into each other without any conversion") {
  const std::string text("a\0\xff\n\xc3\xa4", 6);
  const ByteView view = as_bytes(text);
  CHECK(Bytes(view.begin(), view.end()) == Bytes{'a', 0, 0xff, '\n', 0xc3, 0xa4});
  CHECK(as_text(view) == text);
  CHECK(as_bytes("").empty());
  CHECK(as_text({}).empty());
}

TEST_CASE("concat keeps the order, and empty parts are allowed") {
  CHECK(concat(as_bytes("ab"), as_bytes("c")) == Bytes{'a', 'b', 'c'});
  CHECK(concat({}, as_bytes("c")) == Bytes{'c'});
  CHECK(concat(as_bytes("ab"), {}) == Bytes{'a', 'b'});
  CHECK(concat({}, {}).empty());
}

TEST_CASE("Hex of every byte is what od writes") {
  const Workshop shop;
  shop.put("bytes", every_byte());
  const std::string other = as_text(shop.must("od -An -v -tx1 bytes | tr -d ' \\n'"));
  CHECK(to_hex(every_byte()) == other);
  CHECK(from_hex(other) == every_byte());
  CHECK(to_hex({}).empty());
  CHECK(from_hex("").empty());
}

TEST_CASE("from_hex takes either case and mixtures") {
  CHECK(from_hex("DEADbeef") == Bytes{0xde, 0xad, 0xbe, 0xef});
  CHECK(from_hex("aAFf09") == Bytes{0xaa, 0xff, 0x09});
}

TEST_CASE("What is no hex is refused: odd lengths and separators and neighbours of the digits") {
  for (const std::string_view text : {"a", "abc", "0x12", "12:34", "12 34", " 12", "12\n\n", "gg",
                                      "1g", "g1", "/0", ":0", "@0", "G0", "`0", "\xc3\xa4"}) {
    CAPTURE(text);
    CHECK(hex_refusal(text) == config("not-hex"));
  }
  CHECK(hex_refusal(std::string_view("0\0", 2)) == config("not-hex"));
}

TEST_CASE("The refusal of hex shows the first foreign character escaped") {
  CHECK(hex_refusal("12\x1b[").message == "a hex value contains \"\\x1b\"");
  CHECK(hex_refusal("1g").message == "a hex value contains \"g\"");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
