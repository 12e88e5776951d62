// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/kms_key.h"

#include <array>
#include <cstddef>

namespace keyrite {

namespace {

constexpr std::string_view kKeyWord = "key/";

// arn:PARTITION:kms:REGION:ACCOUNT:key/ID
constexpr std::size_t kArnParts = 6;
constexpr std::size_t kRegionPart = 3;
constexpr std::size_t kAccountPart = 4;

std::string_view without_word(std::string_view id) {
  return id.starts_with(kKeyWord) ? id.substr(kKeyWord.size()) : id;
}

// The id, and where it is; what is no whole ARN stays as it is.
KmsKeyName taken_apart(const KmsKeyName& key) {
  std::string_view rest = key.name;
  if (!rest.starts_with("arn:")) return {without_word(rest), key.region, key.account};
  std::array<std::string_view, kArnParts - 1> parts;
  for (auto& part : parts) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return {key.name, {}, {}};
    part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  return {without_word(rest), parts[kRegionPart], parts[kAccountPart]};
}

bool agree(std::string_view one, std::string_view other) {
  return one.empty() || other.empty() || one == other;
}

}  // namespace

bool is_same_kms_key(const KmsKeyName& one, const KmsKeyName& other) {
  const auto first = taken_apart(one);
  const auto second = taken_apart(other);
  return first.name == second.name && first.region == second.region &&
         agree(first.account, second.account);
}

}  // namespace keyrite
