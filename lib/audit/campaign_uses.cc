// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/campaign_uses.h"

#include <fmt/format.h>

#include "act/campaign.h"
#include "act/registry_replay.h"
#include "audit/internal/may_hold.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "registry/decision.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"
#include "transcript/outcome.h"

namespace keyrite::audit {

namespace {

using transcript::entry_text;

constexpr const char* kCampaign = "campaign";

[[noreturn]] void miscounted(std::uint64_t index, std::string_view why) {
  throw Error(Kind::kVerification, "campaign-miscounted",
              fmt::format("entry {} acted under a campaign, and {}", index, why),
              "find out who wrote the entry: no run of keyrite writes it so");
}

std::uint64_t count_in(const Json& use, const char* name) {
  const auto found = use.find(name);
  return found != use.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

// 0.1.0 signed whatever was in the log: a line that is no entry says nothing. What begins as one
// and tells of a campaign is read by every reader, or by none.
Json parsed(std::uint64_t index, std::string_view line) {
  try {
    return parse_json(as_bytes(line), "entry");
  } catch (const Error&) {
    const auto head = transcript::entry_head(line);
    const bool told = may_hold(line, "\"campaign\"") && head &&
                      (head->event == transcript::kIntent || head->event == transcript::kResult);
    if (!told) return Json::object();
    throw Error(Kind::kVerification, "entry-invalid",
                fmt::format("entry {} tells of a campaign, and is not valid JSON: nobody can tell "
                            "how many acts were done under it",
                            index),
                "find out who wrote the entry, and compare the log with a copy kept elsewhere");
  }
}

}  // namespace

void CampaignUses::take(std::uint64_t index, std::string_view line) {
  // Of a long log few lines are parsed.
  if (!may_hold(line, kCampaign)) return;
  const Json entry = parsed(index, line);
  if (!entry.is_object()) return;
  if (entry_text(entry, "event") == transcript::kResult) take_decision(entry);
  if (const Json* use = act::campaign_use_in(entry)) take_use(index, *use);
}

void CampaignUses::take_decision(const Json& entry) {
  const auto act = entry_text(entry, "act");
  const bool opens = act == act::kOpenCampaignAct;
  if ((!opens && act != act::kCloseCampaignAct) ||
      entry_text(entry, "outcome") != transcript::kOutcomeDone)
    return;
  const auto facts = entry.find("facts");
  if (facts == entry.end() || !facts->is_object()) return;
  for (const auto& change : facts->value("changes", Json::array())) {
    if (!change.is_object() ||
        entry_text(change, "decision", "kind") != registry::word(registry::DecisionKind::kCampaign))
      continue;
    auto& campaign = campaigns_[entry_text(change, "decision", "subject")];
    if (opens) campaign.plan_sha256 = entry_text(change, "decision", "sha256");
    campaign.closed = campaign.closed || !opens;
  }
}

void CampaignUses::take_use(std::uint64_t index, const Json& use) {
  const auto found = campaigns_.find(entry_text(use, "id"));
  if (found == campaigns_.end() || found->second.plan_sha256.empty())
    miscounted(index, "no entry before it opened that campaign");
  auto& campaign = found->second;
  if (campaign.closed) miscounted(index, "an entry before it closed that campaign");
  if (entry_text(use, "plan_sha256") != campaign.plan_sha256)
    miscounted(index, "it names another plan than the one that was approved");
  const auto number = count_in(use, "use");
  const auto of = count_in(use, "of");
  if (number != campaign.uses + 1)
    miscounted(index,
               fmt::format("it is the act {} under it, and says {}", campaign.uses + 1, number));
  if (number > of || (campaign.of != 0 && of != campaign.of))
    miscounted(index, fmt::format("it is the act {} of {}", number, of));
  campaign.uses = number;
  campaign.of = of;
}

}  // namespace keyrite::audit
