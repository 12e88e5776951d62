// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/statement.h"

namespace keyrite::certificate {

namespace {

Json to_json(const KeyFacts& key) {
  return {{"entry", key.entry}, {"id", key.id}, {"type", key.type}, {"usage", key.usage}};
}

Json to_json(const CopyFacts& copy) {
  Json json{{"entry", copy.entry}, {"form", copy.form}, {"id", copy.id}, {"state", copy.state}};
  if (copy.form == "token") {
    json["token_serial"] = copy.token_serial;
  } else {
    json["sha256"] = copy.sha256;
    json["provider"] = text_or_null(copy.provider);
    json["valid_until"] = text_or_null(copy.valid_until);
  }
  return json;
}

Json optional_entry(const std::optional<std::uint64_t>& entry) {
  return entry ? Json(*entry) : Json(nullptr);
}

Json to_json(const VersionFacts& version) {
  Json values = Json::array();
  for (const auto& value : version.check_values)
    values.push_back({{"alg", value.alg}, {"value", value.value}});
  Json copies = Json::array();
  for (const auto& copy : version.copies) copies.push_back(to_json(copy));
  return {{"check_values", values},
          {"cka_id", version.cka_id},
          {"condemned_entry", optional_entry(version.condemned)},
          {"copies", copies},
          {"key", version.id.key},
          {"made_entry", optional_entry(version.made)},
          {"number", version.id.number},
          {"origin", version.origin},
          {"public_key_sha256", text_or_null(version.public_key_sha256)},
          {"state", version.state},
          {"state_entry", version.state_entry}};
}

Json to_json(const DecisionFacts& decision) {
  return {{"approved_by", decision.approved_by},
          {"dek_list_sha256", decision.dek_list_sha256},
          {"deks", decision.deks},
          {"entry", decision.entry},
          {"list_sha256", decision.list_sha256},
          {"operator", decision.by},
          {"requested_at", text_or_null(decision.requested_at)},
          {"roster_sha256", text_or_null(decision.roster_sha256)},
          {"statement_sha256", text_or_null(decision.statement_sha256)},
          {"time", decision.time},
          {"versions", decision.versions}};
}

Json to_json(const Look& look) {
  return {{"canary", look.canary},   {"destroyed", look.destroyed},   {"found", look.found},
          {"key", look.version.key}, {"number", look.version.number}, {"outcome", look.outcome}};
}

Json to_json(const RunFacts& run) {
  Json looks = Json::array();
  for (const auto& look : run.looks) looks.push_back(to_json(look));
  Json json{{"entry", run.entry},
            {"looks", looks},
            {"module_sha256", run.module_sha256},
            {"objects_seen", run.objects_seen},
            {"operator", run.by},
            {"time", run.time},
            {"token",
             {{"firmware", run.token.firmware},
              {"manufacturer", run.token.manufacturer},
              {"model", run.token.model},
              {"serial", run.token.serial}}},
            {"tool", run.tool}};
  // Where each told one there is no member.
  if (run.unread > 0) json["unread"] = run.unread;
  return json;
}

Json to_json(const ClosingFacts& closing) {
  return {{"dek_list_sha256", text_or_null(closing.dek_list_sha256)},
          {"deks", closing.deks ? Json(*closing.deks) : Json(nullptr)},
          {"entry", closing.entry},
          {"time", closing.time}};
}

Json to_json(const PlaceFacts& place) {
  Json json{{"destination", place.destination},
            {"entry", place.entry},
            {"evidence_sha256", text_or_null(place.evidence_sha256)},
            {"key", place.version.key},
            {"material_expires", text_or_null(place.material_expires)},
            {"number", place.version.number},
            {"provider", text_or_null(place.provider)},
            {"retired_reason", place.retired ? Json(*place.retired) : Json(nullptr)},
            {"state", place.state},
            {"until", text_or_null(place.until)},
            {"vouched", place.vouched},
            {"where", text_or_null(place.where)}};
  // Where officers waived nothing there is no member.
  if (place.waived) json["waived_entry"] = *place.waived;
  if (!place.cloudtrail_key_sha256.empty()) {
    json["cloudtrail_key_sha256"] = place.cloudtrail_key_sha256;
    json["cloudtrail_deleted_at"] = text_or_null(place.cloudtrail_deleted_at);
  }
  return json;
}

Json to_json(const OtherSite& site) {
  Json json{{"entry", site.entry},
            {"list_sha256", site.named.list_sha256},
            {"origin", site.named.origin},
            {"result", Json()},
            {"statement_sha256", site.statement_sha256},
            {"tokens", site.named.tokens},
            {"vkey", site.named.vkey}};
  if (site.result) {
    json["result"] = {{"complete", site.result->pending.empty()},
                      {"entry", site.result->entry},
                      {"issued", site.result->issued},
                      {"sha256", site.result->sha256},
                      {"versions", site.result->versions}};
  }
  return json;
}

template <class Each>
Json list_of(const std::vector<Each>& all) {
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to_json(one));
  return list;
}

}  // namespace

Json claims_json(const Facts& facts) {
  Json claims{{"closings", list_of(facts.closings)},
              {"decisions", list_of(facts.decisions)},
              {"destinations", list_of(facts.places)},
              {"frozen_at", facts.frozen_at ? Json(*facts.frozen_at) : Json(nullptr)},
              {"keys", list_of(facts.keys)},
              {"others", list_of(facts.others)},
              {"runs", list_of(facts.runs)},
              {"versions", list_of(facts.versions)}};
  // Of one site alone there is no member.
  if (!facts.other_sites.empty()) {
    claims["complete_here"] = pending_here(facts, {}).empty();
    claims["other_sites"] = list_of(facts.other_sites);
  }
  return claims;
}

}  // namespace keyrite::certificate
