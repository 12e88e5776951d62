// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/aws/key_arn.h"

#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/aws/key_material.h"
#include "provider/aws/parameters.h"
#include "provider/name_form.h"

namespace keyrite::provider::aws {

namespace {

constexpr std::size_t kMaxKeyId = 2048;

// "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...": of a key, not of an alias.
bool is_key_arn(std::string_view text) {
  constexpr std::string_view kKey = "key/";
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const auto colon = text.find(':');
    if (last != (colon == std::string_view::npos)) return false;
    parts.at(i) = text.substr(0, colon);
    text.remove_prefix(last ? text.size() : colon + 1);
  }
  const auto& [arn, partition, service, region, account, resource] = parts;
  return arn == "arn" && is_name(partition, kMaxKeyId, "-") && service == "kms" &&
         is_name(region, kMaxKeyId, "-") && account.size() == 12 &&
         account.find_first_not_of("0123456789") == std::string_view::npos &&
         resource.starts_with(kKey) && is_name(resource.substr(kKey.size()), kMaxKeyId, "-");
}

}  // namespace

// What get-parameters-for-import and import-key-material take for --key-id: a key id or a key ARN,
// no alias.
void check_key_id(const std::string& key_id, std::string_view origin) {
  if (key_id.size() <= kMaxKeyId && (is_name(key_id, kMaxKeyId, "-") || is_key_arn(key_id))) return;
  const bool alias = key_id.find("alias/") != std::string::npos;
  throw Error(Kind::kConfig, "key-id-invalid",
              fmt::format("{} {} is neither a key id nor a key ARN", origin, in_quotes(key_id)),
              alias ? "an import does not accept an alias: give the key's ARN, as aws kms "
                      "describe-key shows it"
                    : "give the key's ARN");
}

bool same_key(std::string_view one, std::string_view other) {
  const bool both_full = one.substr(0, 4) == "arn:" && other.substr(0, 4) == "arn:";
  return one == other || (!both_full && bare_id(one) == bare_id(other));
}

}  // namespace keyrite::provider::aws
