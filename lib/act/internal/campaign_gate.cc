// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/campaign_gate.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

using registry::CampaignPlan;

[[noreturn]] void not_covered(const char* code, const std::string& why) {
  throw Error(Kind::kVerification, code, why,
              "have this act approved by itself (without --campaign), or open another campaign");
}

bool has(const std::vector<std::string>& list, std::string_view one) {
  return std::ranges::find(list, one) != list.end();
}

const registry::CampaignKey& planned_key(const CampaignPlan& plan, const std::string& id) {
  const auto found = std::ranges::find(plan.keys, id, &registry::CampaignKey::key);
  if (found == plan.keys.end())
    not_covered("campaign-other-key",
                fmt::format("the campaign does not list the key {}", printable(id)));
  return *found;
}

void require_keys(const CampaignPlan& plan, const Covers& covers) {
  if (covers.keys.empty())
    not_covered("campaign-other-key",
                "the act names no key of a tenant, and a campaign is for listed keys alone");
  for (const auto& key : covers.keys) {
    const auto& planned = planned_key(plan, key);
    for (const auto& destination : covers.destinations) {
      if (!has(planned.destinations, destination))
        not_covered("campaign-other-destination",
                    fmt::format("the campaign does not list the destination {} of this key",
                                printable(destination)));
    }
  }
  for (const auto basis : covers.bases) {
    const auto name = wrapping_key_basis_name(basis);
    if (!has(plan.bases, name))
      not_covered("campaign-other-basis",
                  fmt::format("the wrapping key is {}, which the campaign does not list", name));
  }
}

void require_acts(const CampaignPlan& plan, const Intent& intent) {
  std::vector<std::string> operations{intent.act};
  // "dek" stands for all acts on data keys, of which the plan names one.
  std::ranges::copy_if(intent.also, std::back_inserter(operations),
                       [](const std::string& one) { return one != "dek"; });
  for (const auto& one : operations) {
    if (!has(plan.acts, one))
      not_covered("campaign-other-act",
                  fmt::format("the campaign does not list the operation {}", printable(one)));
  }
}

registry::Decisions::Campaign campaign_of(const site::Site& site, const std::string& id) {
  try {
    const registry::Registry registry(site.path(site::kRegistryName));
    const auto view = registry.read();
    if (auto found = view->decisions.checked_campaign(id, decisions_of(site))) return *found;
  } catch (const Error& error) {
    if (error.code() != "decision-edited") throw;
    throw Error(Kind::kVerification, "campaign-edited", error.message(), error.hint());
  }
  throw Error(Kind::kUsage, "campaign-unknown",
              fmt::format("there is no campaign {} in this site", printable(id)),
              "keyrite campaign list shows the campaigns");
}

}  // namespace

Json CampaignUse::to_json() const {
  return {{"id", id}, {"of", of}, {"plan_sha256", sha256}, {"use", use}};
}

void require_covered(const CampaignPlan& plan, const Intent& intent,
                     const approval::Threshold& needed, TimePoint now) {
  if (plan.ended)
    not_covered("campaign-closed", "the campaign is closed: keyrite campaign close ended it");
  if (now < TimePoint(plan.from) || now > TimePoint(plan.until)) {
    not_covered(
        "campaign-outside-window",
        fmt::format("the campaign is from {} to {}, and it is {}", format_rfc3339(plan.from),
                    format_rfc3339(plan.until), format_rfc3339(now)));
  }
  require_acts(plan, intent);
  require_keys(plan, intent.covers);
  for (const auto& [role, count] : needed) {
    const auto approved = plan.threshold.find(role);
    const std::uint64_t there = approved == plan.threshold.end() ? 0 : approved->second;
    if (there < count)
      not_covered("campaign-too-few",
                  fmt::format("the policy wants {} of role {} for {}, and {} approved the campaign",
                              count, role, operation_of(intent), there));
  }
}

CampaignUse require_campaign(const ApprovalContext& scene, const Intent& intent,
                             const approval::Threshold& needed, const std::string& id) {
  const auto& site = scene.context.site.value().site;
  const auto campaign = campaign_of(site, id);
  require_covered(campaign.plan, intent, needed, scene.now);
  const auto uses = campaign_uses(site, id, scene.signed_head, campaign.first);
  if (static_cast<std::int64_t>(uses) >= campaign.plan.at_most)
    not_covered("campaign-used-up",
                fmt::format("the campaign allows {} acts, and {} acted under it",
                            campaign.plan.at_most, uses));
  return {.id = id, .sha256 = campaign.sha256, .use = uses + 1, .of = campaign.plan.at_most};
}

}  // namespace keyrite::act
