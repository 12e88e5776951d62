// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A cloud that knows no such key any more. The same answer comes from another account, another
// region and a name that is misspelt, so that it counts only beside what shows who asked where.
#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/kms_key.h"
#include "base/text.h"
#include "provider/deletion.h"
#include "provider/shell_command.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kUrl = "https://";

[[noreturn]] void shows_nothing(const std::string& origin, std::string_view why) {
  throw Error(Kind::kConfig, "deletion-not-shown",
              fmt::format("{} says that there is no such key, and that shows nothing: {}",
                          printable(origin), why),
              "run the script of the deletion as somebody who sees the other keys there, and bring "
              "what it saved");
}

// arn:PARTITION:kms:REGION:ACCOUNT:key/ID
std::string part_of_arn(std::string_view arn, std::size_t part) {
  for (; part > 0; --part) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, arn.find(':')));
}
constexpr std::size_t kRegionPart = 3;
constexpr std::size_t kAccountPart = 4;

void require_caller(const CloudKeyVersion& key, const JsonView& caller, const std::string& origin) {
  if (key.provider == Provider::kAzure) {
    if (caller.at("user").text("name").empty()) shows_nothing(origin, "it does not say who asked");
    return;
  }
  const auto in_arn = part_of_arn(*key.cloud_key, kAccountPart);
  const auto account = in_arn.empty() ? key.account : in_arn;
  if (!account.empty() && caller.text("Account") == account) return;
  shows_nothing(origin,
                fmt::format("it was asked from the account {}", printable(caller.text("Account"))));
}

std::vector<std::string> aws_others(const CloudKeyVersion& key, const JsonView& others,
                                    const std::string& origin) {
  const auto cut_off = others.find("Truncated");
  if (others.find("NextToken") || (cut_off && cut_off->boolean()))
    shows_nothing(origin, "the list of keys has no end");
  std::vector<std::string> names;
  for (const auto& one : others.at("Keys").items()) {
    auto arn = one.text("KeyArn");
    if (part_of_arn(arn, kRegionPart) != key.region)
      shows_nothing(origin, "the list of keys is of another region");
    if (is_same_kms_key({arn, key.region, key.account}, {*key.cloud_key, key.region, key.account}))
      shows_nothing(origin, "the list of keys has it");
    names.push_back(std::move(arn));
  }
  return names;
}

std::vector<std::string> azure_others(const CloudKeyVersion& key, const JsonView& others,
                                      const std::string& origin) {
  std::vector<std::string> names;
  for (const auto& one : others.items()) {
    auto kid = one.text("kid");
    if (!kid.starts_with(fmt::format("{}{}/keys/", kUrl, key.container)))
      shows_nothing(origin, "the list of keys is of another vault");
    if (kid == *key.cloud_key || kid.starts_with(*key.cloud_key + "/"))
      shows_nothing(origin, "the list of keys has it");
    names.push_back(std::move(kid));
  }
  return names;
}

}  // namespace

std::optional<AbsenceQuestion> absence_question(const CloudKeyVersion& key, DeletionOf what) {
  if (what != DeletionOf::kKey || !key.cloud_key) return std::nullopt;
  if (key.provider == Provider::kAws) {
    ShellCommand caller("aws sts get-caller-identity");
    ShellCommand others("aws kms list-keys");
    return AbsenceQuestion{
        .word = "NotFoundException",
        .caller = caller.option("--profile", key.profile).fixed("--output json").text(),
        .others = others.option("--region", key.region)
                      .option("--profile", key.profile)
                      .fixed("--output json")
                      .text()};
  }
  if (key.provider != Provider::kAzure) return std::nullopt;
  const bool in_hsm = key.container.find(".managedhsm.") != std::string::npos;
  ShellCommand others("az keyvault key list");
  return AbsenceQuestion{.word = "NotFound",
                         .caller = "az account show --output json",
                         .others = others
                                       .option(in_hsm ? "--hsm-name" : "--vault-name",
                                               key.container.substr(0, key.container.find('.')))
                                       .fixed("--output json")
                                       .text()};
}

bool says_absent(const JsonView& answer) {
  return answer.is_object() && answer.find("not_found").has_value();
}

Deletion absence_shown(const CloudKeyVersion& key, const JsonView& answer,
                       const std::string& origin, TimePoint now,
                       const std::optional<TimePoint>& scheduled) {
  if (!scheduled) shows_nothing(origin, "no earlier answer says that the cloud was to delete it");
  // What Azure has deleted can be purged before; one that was recovered would be in the list.
  if (key.provider == Provider::kAws && now < *scheduled)
    shows_nothing(origin, fmt::format("the cloud answered that it has it until {}",
                                      format_rfc3339(*scheduled)));
  if (!key.cloud_key || key.provider == Provider::kGoogle)
    shows_nothing(origin, "nobody knows its name there");
  require_caller(key, answer.at("caller"), origin);
  const auto others = key.provider == Provider::kAws
                          ? aws_others(key, answer.at("others"), origin)
                          : azure_others(key, answer.at("others"), origin);
  if (others.empty()) shows_nothing(origin, "who asked sees no other key there either");
  return {.done = true, .at = now};
}

}  // namespace keyrite::provider
