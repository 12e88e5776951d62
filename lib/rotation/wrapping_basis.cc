// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/wrapping_basis.h"

#include "crypto/fingerprint.h"

namespace keyrite::rotation {

std::optional<std::string> expected_of(const provider::ImportParameters& parameters,
                                       const std::vector<std::string>& given) {
  if (given.empty()) return std::nullopt;
  const auto is = provider::wrapping_key(parameters).sha256();
  for (const auto& one : given) {
    if (crypto::plain_fingerprint(one, "--expect-wrapping-key") == is) return is;
  }
  return given.front();
}

}  // namespace keyrite::rotation
