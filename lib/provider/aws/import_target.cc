// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "provider/target_words.h"

namespace keyrite::provider::aws {

namespace {

// arn:PARTITION:kms:REGION:ACCOUNT:key/ID; empty parts of a key id that is no ARN.
struct ArnParts {
  std::string region{};
  std::string account{};
};
ArnParts parts_of(std::string_view arn) {
  constexpr std::size_t kRegion = 3;
  constexpr std::size_t kAccount = 4;
  std::array<std::string_view, kAccount + 1> parts;
  for (auto& part : parts) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    part = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  return {std::string(parts[kRegion]), std::string(parts[kAccount])};
}

}  // namespace

void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& /*label*/) {
  const auto& options = options_of<ImportOptions>(given);
  const auto& parameters = std::get<ImportParameters>(of);
  const ArnParts arn = parts_of(parameters.key_id);
  words.name("cloud_key", parameters.key_id);
  words.name("account", arn.account);
  words.name("region", options.region.value_or(arn.region));
  words.plain("wrapping_algorithm", wrapping_algorithm_name(parameters.algorithm));
}

}  // namespace keyrite::provider::aws
