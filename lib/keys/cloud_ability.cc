// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/cloud_ability.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "provider/rules.h"
#include "provider/wrapping_choice.h"

namespace keyrite::keys {

namespace {

// The smallest wrapping key of the choice that holds the row's key.
std::optional<unsigned> smallest_size(const provider::WrappingChoice& choice,
                                      const provider::Row& row) {
  if (choice.algorithm != row.algorithm) return std::nullopt;
  for (const unsigned bits : choice.wrapping_key_bits) {
    if (std::ranges::find(row.wrapping_bits, bits) != row.wrapping_bits.end()) return bits;
  }
  return std::nullopt;
}

CloudAbility tried(const provider::Row& row, const wrap::Requirements& required,
                   wrap::SelfTest& tests) {
  CloudAbility found{.provider = row.provider,
                     .required = required,
                     .unverified = row.standing == provider::Standing::kUnverified};
  found.ability =
      wrap::ability(required, [&](const wrap::Recipe& recipe) -> const wrap::SelfTestResult& {
        return tests.run(recipe, required.target, required.wrapping_key_bits);
      });
  return found;
}

}  // namespace

act::Words can_words(Can can) {
  switch (can) {
    case Can::kYes:
      return act::Literal("yes");
    case Can::kWithOptions:
      return act::Literal("only with options");
    case Can::kUndecided:
      return act::Literal("undecided");
    case Can::kNo:
      return act::Literal("no");
  }
  throw Error(Kind::kInternal, "value-outside-table", "what a token can is not in the table");
}

Can CloudAbility::can() const {
  if (ability.choice.undecided) return Can::kUndecided;
  if (!ability.choice.recipe) return Can::kNo;
  return options().empty() ? Can::kYes : Can::kWithOptions;
}

std::vector<std::string> CloudAbility::options() const {
  if (!ability.choice.recipe) return {};
  std::vector<std::string> names;
  if (unverified) names.emplace_back("--allow-unverified");
  if (ability.takes_padded_pkcs8) names.emplace_back("--accept-padded-pkcs8");
  if (ability.takes_host_ephemeral) names.emplace_back("--allow-host-ephemeral");
  return names;
}

std::string CloudAbility::reason() const {
  if (ability.choice.recipe) return {};
  const auto& undecided = ability.choice.undecided;
  return undecided ? undecided->detail : wrap::reasons(ability.choice);
}

std::string CloudAbility::reason_in_short() const {
  if (ability.choice.recipe) return {};
  const auto& undecided = ability.choice.undecided;
  return undecided && undecided->ckr ? undecided->ckr->name : wrap::last_reason(ability.choice);
}

Json CloudAbility::to_json() const {
  Json json{{"ask_for", asked},
            {"wrapping_algorithm", required.algorithm.name()},
            {"wrapping_key_bits", required.wrapping_key_bits},
            {"key_type", required.target.name()},
            {"answer", can_words(can()).text()},
            {"options", options()}};
  if (const auto& recipe = ability.choice.recipe) {
    json["method"] = method_name(recipe->method);
    json["custody"] = custody_name(custody_of(recipe->method));
  } else {
    json["reason"] = reason();
  }
  return json;
}

std::vector<CloudAbility> cloud_abilities(provider::Provider provider,
                                          const std::optional<KeyType>& type, wrap::SelfTest& tests,
                                          bool needs_trusted) {
  std::vector<CloudAbility> all;
  const auto types = type ? std::vector<KeyType>{*type} : all_key_types();
  for (const auto& choice : provider::wrapping_choices(provider)) {
    for (const auto& one : types) {
      for (const auto& row : provider::rows_for(provider, one)) {
        const auto bits = smallest_size(choice, row);
        if (!bits) continue;
        all.push_back(tried(row,
                            {.algorithm = choice.algorithm,
                             .target = one,
                             .wrapping_key_bits = *bits,
                             .target_needs_trusted = needs_trusted},
                            tests));
        all.back().asked = choice.name;
      }
    }
  }
  return all;
}

Can best_of(const std::vector<CloudAbility>& all) {
  Can best = Can::kNo;
  for (const auto& one : all) best = std::min(best, one.can());
  return best;
}

}  // namespace keyrite::keys
