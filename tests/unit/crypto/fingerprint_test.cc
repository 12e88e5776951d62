// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "crypto/fingerprint.h"

#include <doctest/doctest.h>

#include <string>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Where two fingerprints differ is said by the group of four that a person reads") {
  std::string other(64, 'a');
  const std::string one = other;
  other[9] = 'b';
  other[40] = 'c';
  CHECK(crypto::first_difference(one, other) == "group 3 of 16 is aaaa, not abaa");
  other = one;
  other.back() = '0';
  CHECK(crypto::first_difference(one, other) == "group 16 of 16 is aaaa, not aaa0");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
