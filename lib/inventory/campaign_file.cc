// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "base/document.h"
#include "base/error.h"
#include "base/toml.h"
#include "base/wrapping.h"
#include "inventory/campaigns.h"
#include "inventory/internal/campaign_file.h"

namespace keyrite::inventory {

namespace {

constexpr DocumentKind kCampaign{"keyrite-campaign", kCampaignVersion, "campaign"};
constexpr auto kLongestCampaign = std::chrono::days(366);
constexpr std::int64_t kMostActs = 100'000;
constexpr std::size_t kMostKeys = 10'000;

// What a rotation does at the token. Trusting a wrapping key needs the security officer in person.
constexpr std::array<std::string_view, 5> kActs{"dek-rewrap", "generate-kek", "key-activate",
                                                "rotate", "wrap-for-import"};

std::vector<std::string> words_of(const JsonView& list) {
  std::set<std::string> words;
  for (const JsonView& one : list.items()) {
    if (!words.insert(one_line_text(one, kCampaign)).second)
      refuse_value(one, kCampaign, "is in the list twice");
  }
  return {words.begin(), words.end()};
}

std::vector<std::string> acts_of(const JsonView& list) {
  auto acts = words_of(list);
  if (acts.empty()) refuse_value(list, kCampaign, "names no act");
  for (const auto& act : acts) {
    if (std::ranges::find(kActs, act) == kActs.end())
      refuse_value(list, kCampaign,
                   "has an act that no campaign covers; the acts are dek-rewrap, generate-kek, "
                   "key-activate, rotate and wrap-for-import");
  }
  return acts;
}

std::vector<std::string> bases_of(const JsonView& list) {
  auto bases = words_of(list);
  for (const auto& basis : bases) {
    try {
      (void)parse_wrapping_key_basis(basis);
    } catch (const Error& error) {
      refuse_value(list, kCampaign, error.message());
    }
  }
  return bases;
}

registry::Time time_of(const JsonView& text) {
  return std::chrono::floor<std::chrono::milliseconds>(parse_rfc3339(text.text(), text.where()));
}

void require_window(const registry::CampaignPlan& plan, TimePoint now) {
  const bool good = plan.from < plan.until && TimePoint(plan.until) > now &&
                    TimePoint(plan.until) - now <= kLongestCampaign;
  if (good) return;
  throw Error(Kind::kConfig, "campaign-window",
              fmt::format("the campaign is from {} to {}, and it is {}", format_rfc3339(plan.from),
                          format_rfc3339(plan.until), format_rfc3339(now)),
              "a campaign ends after it begins, after now, and within 366 days");
}

std::vector<NamedCampaignKey> keys_of(const JsonView& list) {
  std::vector<NamedCampaignKey> keys;
  for (const JsonView& one : list.items()) {
    require_only(one, kCampaign, {"tenant", "key", "destinations"});
    NamedCampaignKey key{.tenant = one_line_text(one.at("tenant"), kCampaign),
                         .key = one_line_text(one.at("key"), kCampaign)};
    if (const auto destinations = one.find("destinations"))
      key.destinations = words_of(*destinations);
    keys.push_back(std::move(key));
  }
  if (keys.empty() || keys.size() > kMostKeys)
    refuse_value(list, kCampaign, fmt::format("has no key, or more than {}", kMostKeys));
  return keys;
}

}  // namespace

namespace {

CampaignFile read_plan(ByteView content, const std::string& origin) {
  const Json json = parse_toml(content, origin);
  const JsonView view(json, origin);
  require_kind(view, kCampaign);
  require_only(view, kCampaign,
               {"format", "version", "acts", "bases", "from", "until", "at_most", "key"});
  CampaignFile file{.plan = {.acts = acts_of(view.at("acts")),
                             .bases = bases_of(view.at("bases")),
                             .from = time_of(view.at("from")),
                             .until = time_of(view.at("until")),
                             .at_most = view.at("at_most").integer()},
                    .keys = keys_of(view.at("key"))};
  if (file.plan.at_most < 1 || file.plan.at_most > kMostActs)
    refuse_value(view.at("at_most"), kCampaign,
                 fmt::format("is not a number from 1 to {}", kMostActs));
  return file;
}

}  // namespace

CampaignFile campaign_file(ByteView content, const std::string& origin, TimePoint now) {
  try {
    auto file = read_plan(content, origin);
    require_window(file.plan, now);
    return file;
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;
    throw Error(error.kind(), error.code(), error.message(),
                "correct the plan; docs/formats/campaign.md describes each field");
  }
}

}  // namespace keyrite::inventory
