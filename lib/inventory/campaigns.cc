// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "inventory/campaigns.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/campaign.h"
#include "act/chosen_destination.h"
#include "act/closing.h"
#include "act/option_words.h"
#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "inventory/internal/campaign_file.h"
#include "inventory/internal/rows.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using registry::CampaignPlan;
using registry::DecisionKind;

// The operation of rotate (lib/rotation is above this room).
constexpr std::string_view kRotateAct = "rotate";

registry::DecisionId campaign_id(const std::string& id) { return {DecisionKind::kCampaign, id, 0}; }

// The ids of what the file names.
void find_keys(CampaignFile& file, const registry::Stores& stores) {
  for (const auto& named : file.keys) {
    registry::CampaignKey key{.key = act::key_named(stores, named.tenant, named.key).id};
    for (const auto& one : named.destinations)
      key.destinations.push_back(
          act::destination_chosen(stores, {one, named.tenant, named.key, std::nullopt}).id);
    if (std::ranges::find(file.plan.keys, key.key, &registry::CampaignKey::key) !=
        file.plan.keys.end()) {
      throw Error(Kind::kConfig, "campaign-invalid",
                  fmt::format("the plan has key \"{}\" of tenant \"{}\" twice",
                              printable(named.key), printable(named.tenant)),
                  "list each key once, with all of its destinations");
    }
    file.plan.keys.push_back(std::move(key));
  }
}

// What approvers approve: all of the plan, in names and in ids.
act::Intent intent_of_plan(const CampaignFile& file, act::RecordedRequest recorded) {
  const auto& plan = file.plan;
  act::Intent intent{
      .act = act::kOpenCampaignAct, .also = plan.acts, .request = std::move(recorded)};
  Json tenants = Json::array();
  Json keys = Json::array();
  Json destinations = Json::array();
  Json ids = Json::array();
  for (std::size_t i = 0; i < file.keys.size(); ++i) {
    tenants.push_back(file.keys[i].tenant);
    keys.push_back(file.keys[i].key);
    for (const auto& one : file.keys[i].destinations) destinations.push_back(one);
    ids.push_back({{"key", plan.keys[i].key}, {"destinations", plan.keys[i].destinations}});
  }
  intent.inputs = {{.name = "acts", .value = plan.acts},
                   {.name = "acts_at_most", .value = plan.at_most},
                   {.name = "valid_from", .value = format_rfc3339(plan.from)},
                   {.name = "valid_until", .value = format_rfc3339(plan.until)},
                   {.name = "wrapping_key_bases", .value = plan.bases},
                   {.name = "tenants", .value = tenants, .is_name = true},
                   {.name = "keys", .value = keys, .is_name = true},
                   {.name = "destinations", .value = destinations, .is_name = true},
                   {.name = "ids", .value = ids}};
  return intent;
}

Json campaign_json(const std::string& id, const CampaignPlan& plan) {
  Json keys = Json::array();
  for (const auto& one : plan.keys)
    keys.push_back({{"key_id", one.key}, {"destination_ids", one.destinations}});
  return {{"id", id},
          {"acts", plan.acts},
          {"bases", plan.bases},
          {"keys", keys},
          {"from", time_text(plan.from)},
          {"until", time_text(plan.until)},
          {"at_most", plan.at_most},
          {"by", plan.by},
          {"ended", text_json(plan.ended)}};
}

act::LogFacts propose_plan(registry::Stores& stores, const std::string& id,
                           const CampaignPlan& plan, const std::string& batch) {
  const auto decision = stores.decisions.propose(campaign_id(id), plan, batch, random_id());
  return changes({act::LogFacts{{"decision", facts_of(decision)}}});
}

std::string campaign_sentence(const Json& one) {
  if (!one.at("ended").is_null())
    return fmt::format("the campaign {} is closed: no act under it is allowed any more",
                       one.at("id").get<std::string>());
  return fmt::format("the campaign {} is open: {} acts at most from {} to {}, by --campaign {}",
                     one.at("id").get<std::string>(), one.at("at_most").get<std::int64_t>(),
                     one.at("from").get<std::string>(), one.at("until").get<std::string>(),
                     one.at("id").get<std::string>());
}

std::string after_opening(const std::string& id, const CampaignPlan& plan,
                          const act::Context& context) {
  std::vector<act::NextStep> next;
  if (std::ranges::find(plan.acts, kRotateAct) != plan.acts.end())
    next.push_back(
        {fmt::format("rotate what it covers and is due, from {} on", time_text(plan.from)),
         act::as_here(context, act::NextAt::kToken,
                      {"keyrite rotate --due", act::option("campaign", id)})});
  next.push_back({"see how many of its acts were done",
                  act::as_here(context, act::NextAt::kFiles, {"keyrite campaign list"})});
  next.push_back({"if it must end before its time",
                  act::as_here(context, act::NextAt::kToken,
                               {"keyrite campaign close " + id, "--reason REASON"})});
  return act::closing(context, {{"campaign", id}}, next);
}

act::Outcome opened(const CampaignPlan& plan, const act::Context& context) {
  const auto written = std::make_shared<Json>(Json::array());
  const std::string id = random_id();
  return followed_by(outcome_of("campaigns", written, campaign_sentence,
                                rows_of(act::kOpenCampaignAct, to_json(plan), 1,
                                        [=](registry::Stores& stores, const std::string& batch) {
                                          written->push_back(campaign_json(id, plan));
                                          return propose_plan(stores, id, plan, batch);
                                        })),
                     after_opening(id, plan, context));
}

act::PreparedAct prepared_opening(const OpenCampaignRequest& request, const act::Context& context) {
  const auto& site = site_of(context);
  const Bytes content = read_file(request.plan);
  auto file = campaign_file(content, request.plan, context.now());
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  find_keys(file, *view.operator->());
  file.plan.by = printable(context.operator_name);
  auto intent =
      intent_of_plan(file, act::record(request, {{"plan", {crypto::sha256_hex(content)}}}));
  file.plan.threshold = act::threshold_for(site.settings.approvals, intent);
  return {.intent = std::move(intent),
          .perform = [plan = file.plan](act::AtWork& at) { return opened(plan, at.context()); }};
}

act::LogFacts closed(registry::Stores& stores, const CloseCampaignRequest& request,
                     const std::string& batch, const act::Context& context, Json& written) {
  const auto log = act::decisions_of(site_of(context));
  auto campaign = stores.decisions.checked_campaign(request.id, log);
  if (!campaign) {
    throw Error(Kind::kUsage, "campaign-unknown",
                fmt::format("there is no campaign {} in this site", printable(request.id)),
                "keyrite campaign list shows the campaigns");
  }
  if (campaign->plan.ended) {
    throw Error(Kind::kFailed, "campaign-closed-already",
                fmt::format("the campaign {} is closed already", request.id),
                "nothing was changed");
  }
  campaign->plan.ended = request.reason;
  written.push_back(campaign_json(request.id, campaign->plan));
  return propose_plan(stores, request.id, campaign->plan, batch);
}

act::PreparedAct prepared_closing(const CloseCampaignRequest& request,
                                  const act::Context& context) {
  (void)site_of(context);
  require_name(request.reason, "the reason to close a campaign");
  act::Intent intent{.act = act::kCloseCampaignAct, .request = act::record(request)};
  return {.intent = std::move(intent), .perform = [request](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            return outcome_of(
                "campaigns", written, campaign_sentence,
                rows_of(act::kCloseCampaignAct, Json::array({request.id, request.reason}), 1,
                        [=, context = &at.context()](registry::Stores& stores,
                                                     const std::string& batch) {
                          return closed(stores, request, batch, *context, *written);
                        }));
          }};
}

}  // namespace

const std::vector<act::Field<OpenCampaignRequest>>& OpenCampaignRequest::table() {
  using R = OpenCampaignRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "plan",
        .value = "FILE",
        .help = "the plan, in TOML (docs/formats/campaign.md)",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::input()},
       &R::plan}};
  return fields;
}

const std::vector<act::Field<CloseCampaignRequest>>& CloseCampaignRequest::table() {
  using R = CloseCampaignRequest;
  static const std::vector<act::Field<R>> fields{{{.name = "id",
                                                   .value = "ID",
                                                   .help = "of the campaign",
                                                   .need = act::Need::kRequired,
                                                   .shape = act::Shape::kPositional,
                                                   .binds = act::Binds::word(act::is_id_word)},
                                                  &R::id},
                                                 {{.name = "reason",
                                                   .value = "TEXT",
                                                   .help = "why",
                                                   .need = act::Need::kRequired,
                                                   .binds = act::Binds::name()},
                                                  &R::reason}};
  return fields;
}

const std::vector<act::Field<ListCampaignsRequest>>& ListCampaignsRequest::table() {
  static const std::vector<act::Field<ListCampaignsRequest>> none;
  return none;
}

act::Act open_campaign(const OpenCampaignRequest& request) {
  return {approval::operation_named(act::kOpenCampaignAct),
          [request](const act::Context& context) { return prepared_opening(request, context); }};
}

act::Act close_campaign(const CloseCampaignRequest& request) {
  return {approval::operation_named(act::kCloseCampaignAct),
          [request](const act::Context& context) { return prepared_closing(request, context); }};
}

Shown list_campaigns(const ListCampaignsRequest& /*request*/, const act::Context& context) {
  const auto& site = site_of(context);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto log = act::decisions_of(site);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"campaign", "acts", "from", "until", "closed"}};
  for (const auto& id : view->decisions.campaigns()) {
    const auto campaign = view->decisions.checked_campaign(id, log);
    if (!campaign) continue;
    const auto uses = act::campaign_uses(site, id);
    Json& one = list.emplace_back(campaign_json(id, campaign->plan));
    one["uses"] = uses;
    rows.push_back({id, fmt::format("{} of {}", uses, campaign->plan.at_most),
                    time_text(campaign->plan.from), time_text(campaign->plan.until),
                    or_dash(campaign->plan.ended)});
  }
  if (rows.size() == 1) return {{{"campaigns", list}}, {"there are no campaigns"}};
  return {{{"campaigns", std::move(list)}}, {format_table(rows)}};
}

}  // namespace keyrite::inventory
