#include "crypto/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// How many of the bits are set, of `bytes` random bytes a number close to half. 40 standard
// deviations off never happens by chance.
void check_looks_random(ByteView bytes) {
  std::size_t ones = 0;
  for (const auto byte : bytes) ones += static_cast<std::size_t>(__builtin_popcount(byte));
  const std::size_t half = 4 * bytes.size();
  CHECK(ones > half - half / 4);
  CHECK(ones < half + half / 4);
}

TEST_CASE("Random bytes are as many as asked for, and differ each time") {
  CHECK(crypto::random_bytes(0).empty());
  std::set<Bytes> seen;
  for (int i = 0; i < 64; ++i) seen.insert(crypto::random_bytes(16));
  CHECK(seen.size() == 64);
  CHECK(crypto::random_bytes(1).size() == 1);
  check_looks_random(crypto::random_bytes(100'000));
}

TEST_CASE("Random secrets are as long as asked for, and differ each time") {
  CHECK(crypto::random_secret(0).empty());
  std::set<Bytes> seen;
  for (int i = 0; i < 64; ++i) {
    const auto secret = crypto::random_secret(32);
    REQUIRE(secret.size() == 32);
    seen.insert(Bytes(secret.reveal().begin(), secret.reveal().end()));
  }
  CHECK(seen.size() == 64);
  check_looks_random(crypto::random_secret(100'000).reveal());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
