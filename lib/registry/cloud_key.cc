// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "registry/cloud_key.h"

#include <array>
#include <string_view>

namespace keyrite::registry {

namespace {

constexpr std::string_view kKeyWord = "key/";

// arn:PARTITION:kms:REGION:ACCOUNT:key/ID
constexpr std::size_t kArnParts = 6;
constexpr std::size_t kRegionPart = 3;
constexpr std::size_t kAccountPart = 4;

struct AwsKey {
  std::string_view region{};
  std::string_view account{};
  std::string_view id{};
};

std::string_view without_word(std::string_view id) {
  return id.starts_with(kKeyWord) ? id.substr(kKeyWord.size()) : id;
}

AwsKey aws_key(const NamedCloudKey& key) {
  std::string_view rest = *key.name;
  if (!rest.starts_with("arn:")) return {key.at.region, key.at.account, without_word(rest)};
  std::array<std::string_view, kArnParts> parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return {{}, {}, *key.name};
    parts.at(i) = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  return {parts[kRegionPart], parts[kAccountPart], without_word(rest)};
}

bool agree(std::string_view one, std::string_view other) {
  return one.empty() || other.empty() || one == other;
}

}  // namespace

bool is_same_cloud_key(const NamedCloudKey& one, const NamedCloudKey& other) {
  if (!one.name || !other.name || one.at.provider != other.at.provider) return false;
  if (one.at.provider != "aws") return *one.name == *other.name;
  const auto first = aws_key(one);
  const auto second = aws_key(other);
  return first.id == second.id && first.region == second.region &&
         agree(first.account, second.account);
}

}  // namespace keyrite::registry
