#include <doctest/doctest.h>

#include "base/bytes.h"
#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Vector {
  std::string_view text{};
  std::string_view padded{};
  std::string_view bare{};
};

// RFC 4648 section 10.
constexpr Vector kVectors[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
};

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

Refusal strict(std::string_view text) {
  return refusal_of([&] { static_cast<void>(from_base64(text, "PublicKey")); });
}

Refusal any(std::string_view text) {
  return refusal_of([&] { static_cast<void>(from_base64_any(text, "PublicKey")); });
}

TEST_CASE("base64 follows the vectors of RFC 4648") {
  for (const Vector& vector : kVectors) {
    CAPTURE(vector.text);
    CHECK(to_base64(as_bytes(vector.text)) == vector.padded);
    CHECK(to_base64url(as_bytes(vector.text)) == vector.bare);
    CHECK(from_base64(vector.padded, "field") == bytes_of(vector.text));
    CHECK(from_base64_any(vector.padded, "field") == bytes_of(vector.text));
    CHECK(from_base64_any(vector.bare, "field") == bytes_of(vector.text));
  }
}

TEST_CASE("Both alphabets of every length up to 64 are what Python writes") {
  const Workshop shop;
  shop.put("script.py",
           as_bytes("import base64\n"
                    "for n in range(65):\n"
                    "    data = bytes((n * 37 + i * 251) % 256 for i in range(n))\n"
                    "    url = base64.urlsafe_b64encode(data).rstrip(b'=')\n"
                    "    print(base64.b64encode(data).decode() + ' ' + url.decode())\n"));
  std::string ours;
  for (std::size_t n = 0; n <= 64; ++n) {
    Bytes data(n);
    for (std::size_t i = 0; i < n; ++i) data[i] = static_cast<std::uint8_t>(n * 37 + i * 251);
    ours += to_base64(data) + " " + to_base64url(data) + "\n";
    CHECK(from_base64(to_base64(data), "field") == data);
    CHECK(from_base64_any(to_base64(data), "field") == data);
    CHECK(from_base64_any(to_base64url(data), "field") == data);
  }
  CHECK(ours == as_text(shop.must("python3 script.py")));
}

TEST_CASE("Each alphabet has its own last two characters") {
  const Bytes bytes{0xfb, 0xef, 0xff};
  CHECK(to_base64(bytes) == "++//");
  CHECK(to_base64url(bytes) == "--__");
  CHECK(from_base64("++//", "field") == bytes);
  CHECK(from_base64_any("++//", "field") == bytes);
  CHECK(from_base64_any("--__", "field") == bytes);
  CHECK(from_base64_any("_w==", "field") == Bytes{0xff});
  CHECK(strict("--__") == config("not-base64"));
}

TEST_CASE("The two alphabets are not mixed") {
  CHECK(any("+-//") == config("not-base64"));
  CHECK(any("__/A") == config("not-base64"));
}

TEST_CASE("from_base64 demands the padding") {
  for (const std::string_view text : {"Zg", "Zg=", "Zm8", "Zm9vYg"}) {
    CAPTURE(text);
    CHECK(strict(text) == config("not-base64"));
  }
}

TEST_CASE("Padding that is too long or too short or in the middle is refused in every form") {
  for (const std::string_view text : {"Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v====", "=",
                                      "==", "====", "Z===", "Zg==Zg==", "Z=g=", "=Zg="}) {
    CAPTURE(text);
    CHECK(strict(text) == config("not-base64"));
    CHECK(any(text) == config("not-base64"));
  }
}

TEST_CASE("White space and foreign characters and cut texts are refused in every form") {
  for (const std::string_view text : {"Zm9v\n", " Zm9v", "Zm 9v", "Zm9\r\nv", "Zm9*", "Zm9v!!!!",
                                      "-----BEGIN PUBLIC KEY-----", "Z", "Zm9vZ", "\xc3\xa4Zm"}) {
    CAPTURE(text);
    CHECK(strict(text) == config("not-base64"));
    CHECK(any(text) == config("not-base64"));
  }
  CHECK(strict(std::string_view("Zm9\0", 4)) == config("not-base64"));
}

TEST_CASE("Unused bits of the last character are zero, or two texts would mean the same bytes") {
  for (const std::string_view text : {"Zh==", "Zn==", "Zm9=", "ZmA="}) {
    CAPTURE(text);
    const bool clean = text == "ZmA=";
    CHECK(strict(text) == (clean ? Refusal{} : config("not-base64")));
    CHECK(any(text) == (clean ? Refusal{} : config("not-base64")));
  }
  CHECK(any("Zh") == config("not-base64"));
  CHECK(any("Zm9") == config("not-base64"));
}

TEST_CASE("The refusal of base64 names the field and shows the character escaped") {
  CHECK(strict("Zm9\x07").message == "PublicKey is not base64: it contains \"\\x07\"");
  CHECK(strict("Zg").message.rfind("PublicKey is not base64: ", 0) == 0);
  CHECK_FALSE(strict("Zg").hint.empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
