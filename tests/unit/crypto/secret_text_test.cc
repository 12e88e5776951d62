// Secrets that come as text.
#include "crypto/secret_text.h"

#include <doctest/doctest.h>

#include <string_view>

#include "crypto/random.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Bytes bytes_of(const std::optional<crypto::SecretBytes>& secret) {
  REQUIRE(secret);
  return {secret->reveal().begin(), secret->reveal().end()};
}

TEST_CASE("A secret of any length comes out of its hex and its base64") {
  for (std::size_t length = 0; length < 40; ++length) {
    const Bytes secret = crypto::random_bytes(length);
    CAPTURE(length);
    CHECK(bytes_of(crypto::secret_from_hex(as_bytes(to_hex(secret)))) == secret);
    CHECK(bytes_of(crypto::secret_from_base64(as_bytes(to_base64(secret)))) == secret);
  }
  CHECK(bytes_of(crypto::secret_from_hex(as_bytes("aBCd"))) == Bytes{0xab, 0xcd});
}

TEST_CASE("What is no hex and no base64 is none") {
  for (const std::string_view text : {"a", "0g", "0 ", "00\n"})
    CHECK(!crypto::secret_from_hex(as_bytes(text)));
  // Trailing bits, padding that is missing or too much, white space, the other alphabet.
  for (const std::string_view text :
       {"A", "AB", "ABC", "AB==", "ABC=\n", "A===", "====", "AA=A", "AAB=", "AA-_", "AA A"}) {
    CAPTURE(text);
    CHECK(!crypto::secret_from_base64(as_bytes(text)));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
