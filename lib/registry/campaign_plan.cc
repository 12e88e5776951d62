// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The document of a campaign, written and read.
#include <chrono>

#include "base/error.h"
#include "base/json.h"
#include "registry/decision.h"
#include "registry/internal/decision_document.h"
#include "registry/internal/events.h"

namespace keyrite::registry {

namespace {

std::vector<std::string> texts_in(const JsonView& list) {
  std::vector<std::string> texts;
  for (const auto& one : list.items()) texts.push_back(one.text());
  return texts;
}

Time time_in(const JsonView& content, std::string_view name) {
  return Time(std::chrono::milliseconds(content.at(name).integer()));
}

CampaignPlan read_campaign(const JsonView& content) {
  CampaignPlan plan{.acts = texts_in(content.at("acts")),
                    .bases = texts_in(content.at("bases")),
                    .from = time_in(content, "from_ms"),
                    .until = time_in(content, "until_ms"),
                    .at_most = content.at("at_most").integer(),
                    .by = content.at("by").text(),
                    .ended = content.optional_text("ended")};
  for (const auto& one : content.at("keys").items())
    plan.keys.push_back({one.text("key"), texts_in(one.at("destinations"))});
  for (const auto& [role, needed] : content.at("threshold").raw().items())
    plan.threshold[role] = needed.get<std::uint64_t>();
  return plan;
}

}  // namespace

Json to_json(const CampaignPlan& plan) {
  internal::require_text(plan.by, "who opens a campaign");
  Json keys = Json::array();
  for (const auto& one : plan.keys) {
    internal::require_id(one.key, "the key of a campaign");
    for (const auto& id : one.destinations)
      internal::require_id(id, "the destination of a campaign");
    keys.push_back({{"destinations", one.destinations}, {"key", one.key}});
  }
  Json json{{"acts", plan.acts},
            {"at_most", plan.at_most},
            {"bases", plan.bases},
            {"by", plan.by},
            {"ended", nullptr},
            {"from_ms", std::int64_t{plan.from.time_since_epoch().count()}},
            {"keys", keys},
            {"threshold", plan.threshold},
            {"until_ms", std::int64_t{plan.until.time_since_epoch().count()}}};
  if (plan.ended) {
    internal::require_text(*plan.ended, "the reason to close a campaign");
    json["ended"] = *plan.ended;
  }
  return json;
}

CampaignPlan campaign_plan(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return internal::read_document(document, id, revision, read_campaign);
}

}  // namespace keyrite::registry
