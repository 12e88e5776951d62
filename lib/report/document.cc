// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/document.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/counted.h"

namespace keyrite::report {

namespace {

Json time_or_null(const std::optional<Time>& at) { return at ? Json(format_rfc3339(*at)) : Json(); }

Json whose_json(const Whose& whose) {
  return {{"tenant", whose.tenant},
          {"tenant_id", whose.tenant_id},
          {"key", whose.key},
          {"key_id", whose.key_id}};
}

Json state_json(const StateTold& told) {
  Json json = to_json(told.by);
  json["state"] = told.state;
  return json;
}

Json state_or_null(const std::optional<StateTold>& told) {
  return told ? state_json(*told) : Json();
}

Json key_json_of(const KeyFacts& key) {
  Json json = whose_json(key.whose);
  json["type"] = key.type;
  json["usage"] = key.usage;
  json["made"] = to_json(key.made);
  return json;
}

Json version_json_of(const VersionFacts& version) {
  Json json = whose_json(version.whose);
  json["number"] = version.number;
  json["start"] = state_or_null(version.at_start);
  json["end"] = state_or_null(version.at_end);
  json["frozen"] = version.frozen;
  return json;
}

Json activation_json(const Activation& activation) {
  Json json = to_json(activation.by);
  json["number"] = activation.number;
  return json;
}

Json rotation_json_of(const RotationFacts& rotation) {
  Json json = whose_json(rotation.whose);
  json["period_days"] = rotation.period_days ? Json(*rotation.period_days) : Json();
  json["rotations"] = Json::array();
  for (const auto& one : rotation.activations) json["rotations"].push_back(activation_json(one));
  json["serves"] = rotation.serving ? activation_json(*rotation.serving) : Json();
  json["age_days"] = rotation.serving ? Json(rotation.age_days) : Json();
  json["due"] = time_or_null(rotation.due);
  json["overdue"] = rotation.overdue;
  json["reason"] = rotation.reason;
  return json;
}

Json place_json_of(const PlaceFacts& place) {
  Json json = whose_json(place.whose);
  json["number"] = place.number;
  json["where"] = place.where;
  json["region"] = place.region;
  json["retired"] = place.retired;
  json["end"] = state_json(place.at_end);
  json["proof"] = Json();
  if (!place.proof) return json;
  json["proof"] = state_json(*place.proof);
  json["proof"]["basis"] = place.proof->basis;
  json["proof"]["until"] = place.proof->until;
  json["proof"]["evidence_sha256"] = place.proof->evidence_sha256;
  return json;
}

Json exception_json_of(const ExceptionFacts& one) {
  return {{"what", one.what},
          {"about", one.about},
          {"by", one.by},
          {"reason", one.reason},
          {"until", format_rfc3339(one.until)},
          {"ended", one.ended},
          {"told", to_json(one.told)}};
}

Json shred_json_of(const ShredFacts& shred) {
  Json json = whose_json(shred.whose);
  json["number"] = shred.number;
  json["state"] = shred.stands;
  json["told"] = to_json(shred.by);
  json["waits_for"] = shred.waits;
  return json;
}

Json alert_json_of(const inventory::Alert& alert) {
  return {{"what", inventory::alert_word(alert.what)},
          {"tenant", alert.tenant},
          {"tenant_id", alert.tenant_id},
          {"name", alert.name},
          {"id", alert.id},
          {"detail", alert.detail}};
}

Json ownerless_json(const inventory::DueItem& item) {
  return {{"what", inventory::due_word(item.what)},
          {"tenant", item.tenant},
          {"tenant_id", item.tenant_id},
          {"name", item.key},
          {"id", item.id}};
}

Json unwraps_json(const UnwrapDay& day) {
  return {{"day", day.day},
          {"unwraps", day.count},
          {"first_entry", day.first},
          {"last_entry", day.last},
          {"vouched", day.vouched}};
}

Json requirement_json(const RequirementFacts& facts) {
  Json evidence = Json::array();
  for (const auto& one : facts.evidence) {
    evidence.push_back({{"what", one.what},
                        {"entries", one.count},
                        {"first_entry", one.first},
                        {"last_entry", one.last},
                        {"unvouched", one.unvouched}});
  }
  return {{"clause", facts.requirement->clause},
          {"about", facts.requirement->about},
          {"compared_with_text", facts.requirement->compared},
          {"evidence", std::move(evidence)}};
}

Json framework_json(const std::optional<FrameworkFacts>& facts) {
  if (!facts) return {};
  Json requirements = Json::array();
  for (const auto& one : facts->requirements) requirements.push_back(requirement_json(one));
  return {{"framework", facts->framework->word},
          {"name", facts->framework->name},
          {"requirements", std::move(requirements)}};
}

Json log_json(const LogFacts& log) {
  return {{"origin", log.origin},
          {"size", log.size},
          {"root", log.root},
          {"verified_by", log.verified_by},
          {"vkeys_from", log.vkeys_given ? "given" : "site"},
          {"earlier_size", log.earlier ? Json(*log.earlier) : Json()},
          {"unsigned_entries", log.unsigned_entries},
          {"torn_bytes", log.torn_bytes},
          {"time_set_back", log.set_back},
          {"unvouched", log.unvouched}};
}

template <class Each, class ToJson>
Json list_json(const std::vector<Each>& all, ToJson to) {
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to(one));
  return list;
}

void count_state(std::map<std::string, std::size_t>& counts, const std::optional<StateTold>& told) {
  if (told) ++counts[told->state];
}

}  // namespace

Json to_json(const Source& source) {
  return {{"entry", source.entry},
          {"time", format_rfc3339(source.at)},
          {"actor", source.actor},
          {"vouched", source.vouched}};
}

std::map<std::string, std::size_t> states_at_start(const Report& report) {
  std::map<std::string, std::size_t> counts;
  for (const auto& version : report.versions) count_state(counts, version.at_start);
  return counts;
}

std::map<std::string, std::size_t> states_at_end(const Report& report) {
  std::map<std::string, std::size_t> counts;
  for (const auto& version : report.versions) count_state(counts, version.at_end);
  return counts;
}

std::size_t overdue_in(const Report& report) {
  return static_cast<std::size_t>(
      std::ranges::count(report.rotations, true, &RotationFacts::overdue));
}

std::size_t pending_in(const Report& report) {
  return static_cast<std::size_t>(std::ranges::count_if(report.shreds, [](const ShredFacts& one) {
    return one.stands != "destroyed" || !one.waits.empty();
  }));
}

std::string headline_of(const Report& report) {
  std::string text;
  if (!report.wrong.empty())
    text = fmt::format("Registry and log do not agree: {}. ",
                       counted(report.wrong.size(), "difference"));
  return text +
         fmt::format("{} with {} at the end of the period. {}, {}, {}, {}.",
                     counted(report.keys_at_end, "key"), counted(report.versions.size(), "version"),
                     counted(overdue_in(report), "rotation is overdue", "rotations are overdue"),
                     counted(report.alerts.size(), "alert"),
                     counted(pending_in(report), "shred is pending", "shreds are pending"),
                     counted(report.ownerless.size(), "owner is missing", "owners are missing"));
}

Json to_json(const Report& report) {
  return {{"made", format_rfc3339(report.made)},
          {"tool", report.tool},
          {"period",
           {{"from", format_rfc3339(report.period.from)},
            {"to", format_rfc3339(report.period.to)},
            {"whole_log", report.whole_log}}},
          {"log", log_json(report.log)},
          {"population",
           {{"keys_at_start", report.keys_at_start},
            {"keys_at_end", report.keys_at_end},
            {"states_at_start", states_at_start(report)},
            {"states_at_end", states_at_end(report)},
            {"keys", list_json(report.keys, key_json_of)},
            {"versions", list_json(report.versions, version_json_of)}}},
          {"rotations", list_json(report.rotations, rotation_json_of)},
          {"destinations", list_json(report.places, place_json_of)},
          {"exceptions", list_json(report.exceptions, exception_json_of)},
          {"shreds", list_json(report.shreds, shred_json_of)},
          {"unwraps", list_json(report.unwraps, unwraps_json)},
          {"alerts", list_json(report.alerts, alert_json_of)},
          {"owners_missing", list_json(report.ownerless, ownerless_json)},
          {"wrong", report.wrong},
          {"not_signed", list_json(report.not_signed,
                                   [](const UnsignedChange& one) {
                                     return Json{{"text", one.text}, {"entry", one.entry}};
                                   })},
          {"framework", framework_json(report.framework)}};
}

}  // namespace keyrite::report
