// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/internal/log_story.h"

#include <string_view>
#include <tuple>
#include <utility>

#include "certificate/internal/members.h"

namespace keyrite::certificate {

namespace {

constexpr std::string_view kDestroyed = "destroyed";

VersionRef ref_in(const Json& object) {
  return {.key = text_in(object, "key"), .number = number_in(object, "number")};
}

// Whose versions the changes of an entry have under this name: "frozen", "condemned".
std::vector<VersionRef> versions_under(const Json& facts, const char* name) {
  std::vector<VersionRef> versions;
  for (const auto& change : list_in(facts, "changes")) {
    const Json& member = member_of(change, name);
    if (member.is_object()) versions.push_back(ref_in(member));
  }
  return versions;
}

bool is_done(const Json& entry) {
  const std::string event = text_in(entry, "event");
  return event == "part" || (event == "result" && text_in(entry, "outcome") == "done");
}

TokenFacts token_in(const Json& intent) {
  const Json& token = member_of(intent, "token");
  return {.serial = text_in(token, "serial"),
          .manufacturer = text_in(token, "manufacturer"),
          .model = text_in(token, "model"),
          .firmware = text_in(token, "firmware")};
}

Look look_in(const Json& told) {
  return {.version = ref_in(told),
          .outcome = text_in(told, "outcome"),
          .canary = text_in(told, "canary"),
          .destroyed = number_in(told, "destroyed"),
          .found = list_in(told, "found").size()};
}

std::vector<NamedSite> sites_in(const Json& intent) {
  std::vector<NamedSite> sites;
  for (const auto& told : list_in(member_of(intent, "inputs"), "sites")) {
    NamedSite site{.origin = text_in(told, "origin"),
                   .vkey = text_in(told, "vkey"),
                   .list_sha256 = text_in(told, "list_sha256")};
    for (const auto& token : list_in(told, "tokens"))
      site.tokens.push_back(text_in(token, "serial"));
    sites.push_back(std::move(site));
  }
  return sites;
}

}  // namespace

LogStory::LogStory(const std::vector<ToldEntry>& told) {
  for (const auto& one : told) take(one);
}

void LogStory::take(const ToldEntry& told) {
  // The token and the approvals of what counts: an intent that anybody may have written is none.
  if (told.vouched && text_in(told.entry, "event") == "intent")
    intents_[text_in(told.entry, "run")] = told.entry;
  if (!is_done(told.entry)) return;
  take_bundles(told);
  for (const auto& change : list_in(told.facts, "changes")) take_change(told, change);
  if (const auto frozen = versions_under(told.facts, "frozen"); !frozen.empty())
    freezings_.emplace_back(frozen, text_in(told.entry, "time"));
  // What condemns, destroys and closes was done with the token, and its log's key says so.
  if (!told.vouched) return;
  const std::string act = text_in(told.entry, "act");
  if (act == "shred") take_decision(told);
  if (act == "shred-destroy") take_run(told);
  if (act == "shred-close") take_closing(told);
}

const Json& LogStory::intent_of(const ToldEntry& told) const {
  static const Json none = Json::object();
  const auto found = intents_.find(text_in(told.entry, "run"));
  return found == intents_.end() ? none : found->second;
}

void LogStory::take_change(const ToldEntry& told, const Json& change) {
  take_key(told, change);
  if (const Json& version = member_of(change, "version"); version.is_object())
    take_version(told, version);
  if (const Json& copy = member_of(change, "copy"); copy.is_object()) take_copy(told, copy);
  if (const Json& placement = member_of(change, "placement"); placement.is_object())
    take_placement(told, placement);
  if (const Json& waived = member_of(change, "waived"); waived.is_object())
    take_waived(told, waived);
  const Json& decision = member_of(change, "decision");
  if (text_in(decision, "kind") == "destination")
    destination_decisions_[text_in(decision, "subject")] = text_in(decision, "sha256");
}

void LogStory::take_key(const ToldEntry& told, const Json& change) {
  const Json& adopted = member_of(change, "adopted");
  if (adopted.is_object()) keys_[text_in(adopted, "key")].tenant = text_in(adopted, "tenant");
  const std::string id = text_in(change, "key");
  if (id.empty() || text_in(change, "type").empty()) return;
  auto& key = keys_[id];
  if (const std::string tenant = text_in(change, "tenant"); !tenant.empty()) key.tenant = tenant;
  key.type = text_in(change, "type");
  key.usage = text_in(change, "usage");
  key.entry = told.index;
}

void LogStory::take_version(const ToldEntry& told, const Json& version) {
  const VersionRef id = ref_in(version);
  const std::string state = text_in(version, "state");
  if (state == kDestroyed && !told.vouched) return;
  auto& known = versions_[id];
  known.id = id;
  known.state = state;
  known.state_entry = told.index;
  // It is made once: a second entry that tells of its making changes nothing.
  if (text_in(version, "cka_id").empty() || known.made) return;
  known.made = told.index;
  known.cka_id = text_in(version, "cka_id");
  known.origin = told.vouched ? text_in(version, "origin") : "not vouched for";
  known.public_key_sha256 = text_in(version, "public_key_sha256");
  known.check_values.clear();
  for (const auto& value : list_in(version, "check_values"))
    known.check_values.push_back({text_in(value, "alg"), text_in(value, "value")});
}

void LogStory::take_copy(const ToldEntry& told, const Json& copy) {
  const std::string id = text_in(copy, "id");
  const std::string state = text_in(copy, "state");
  if (state == kDestroyed && !told.vouched) return;
  auto& [version, known] = copies_[id];
  // Where a copy is does not change, whatever a later entry says.
  if (const std::string form = text_in(copy, "form"); !form.empty() && known.form.empty()) {
    version = ref_in(copy);
    known = {.id = id,
             .form = form,
             .token_serial = text_in(copy, "token_serial"),
             .sha256 = text_in(copy, "sha256")};
  }
  known.state = state;
  known.entry = told.index;
}

void LogStory::take_placement(const ToldEntry& told, const Json& placement) {
  const VersionRef version = ref_in(placement);
  const std::string destination = text_in(placement, "destination");
  auto& known = places_[{destination, version.number}];
  known.destination = destination;
  known.version = version;
  known.state = text_in(placement, "state");
  known.until = text_in(placement, "until");
  if (const std::string expires = text_in(placement, "material_expires"); !expires.empty())
    known.material_expires = expires;
  known.evidence_sha256 = text_in(placement, "evidence_sha256");
  known.entry = told.index;
  known.vouched = told.vouched;
  const Json facts = told.vouched ? told.facts : Json::object();
  known.cloudtrail_key_sha256 = text_in(facts, "cloudtrail_key_sha256");
  known.cloudtrail_deleted_at = text_in(facts, "deleted_at");
}

// By officers, so at the token. Nobody waives what no entry brought to a cloud.
void LogStory::take_waived(const ToldEntry& told, const Json& waived) {
  const VersionRef version = ref_in(waived);
  const auto known = places_.find({text_in(waived, "destination"), version.number});
  if (told.vouched && known != places_.end() && known->second.version == version)
    known->second.waived = told.index;
}

void LogStory::take_bundles(const ToldEntry& told) {
  for (const auto& bundle : list_in(told.facts, "bundles"))
    bundles_[text_in(bundle, "manifest_sha256")] = {text_in(bundle, "provider"),
                                                    text_in(bundle, "valid_until")};
}

void LogStory::take_decision(const ToldEntry& told) {
  const Json& intent = intent_of(told);
  const Json& approval = member_of(intent, "approval");
  DecisionFacts decision{.entry = told.index,
                         .time = text_in(told.entry, "time"),
                         .by = text_in(told.entry, "operator"),
                         .statement_sha256 = text_in(approval, "statement_sha256"),
                         .roster_sha256 = text_in(approval, "roster_sha256"),
                         .requested_at = text_in(told.facts, "requested_at"),
                         .list_sha256 = text_in(told.facts, "list_sha256"),
                         .versions = number_in(told.facts, "versions"),
                         .deks = number_in(told.facts, "deks"),
                         .dek_list_sha256 = text_in(told.facts, "dek_list_sha256")};
  for (const auto& one : list_in(approval, "by"))
    decision.approved_by.push_back(text_in(one, "identity"));
  const auto condemned = versions_under(told.facts, "condemned");
  decision.condemned = condemned;
  decision.sites = sites_in(intent);
  for (const auto& id : condemned) {
    versions_[id].id = id;
    versions_[id].condemned = told.index;
  }
  decisions_.emplace_back(condemned, std::move(decision));
}

void LogStory::take_run(const ToldEntry& told) {
  const Json& intent = intent_of(told);
  RunFacts run{.entry = told.index,
               .time = text_in(told.entry, "time"),
               .by = text_in(told.entry, "operator"),
               .tool = text_in(member_of(intent, "tool"), "version"),
               .module_sha256 = text_in(member_of(intent, "module"), "sha256"),
               .token = token_in(intent),
               .objects_seen = number_in(told.facts, "objects_seen"),
               .unread = number_in(told.facts, "unread")};
  for (const auto& version : list_in(told.facts, "versions")) run.looks.push_back(look_in(version));
  runs_.push_back(std::move(run));
}

void LogStory::take_closing(const ToldEntry& told) {
  ClosingFacts closing{.entry = told.index,
                       .time = text_in(told.entry, "time"),
                       .dek_list_sha256 = text_in(told.facts, "dek_list_sha256")};
  if (!closing.dek_list_sha256.empty()) closing.deks = number_in(told.facts, "deks");
  closings_.emplace_back(versions_under(told.facts, "version"), std::move(closing));
}

std::map<VersionRef, VersionFacts> LogStory::versions() const {
  auto versions = versions_;
  for (const auto& [id, told] : copies_) {
    const auto found = versions.find(told.first);
    if (found == versions.end()) continue;
    CopyFacts copy = told.second;
    if (const auto bundle = bundles_.find(copy.sha256); bundle != bundles_.end())
      std::tie(copy.provider, copy.valid_until) = bundle->second;
    found->second.copies.push_back(std::move(copy));
  }
  return versions;
}

std::vector<PlaceFacts> LogStory::places() const {
  std::vector<PlaceFacts> places;
  for (const auto& [id, place] : places_) places.push_back(place);
  return places;
}

std::string LogStory::decision_about(const std::string& destination) const {
  const auto found = destination_decisions_.find(destination);
  return found == destination_decisions_.end() ? std::string() : found->second;
}

void describe(PlaceFacts& place, const Json& document) {
  const Json& content = member_of(document, "content");
  place.provider = text_in(content, "provider");
  for (const char* name : {"account", "container", "name", "region"}) {
    const std::string word = text_in(content, name);
    if (!word.empty()) place.where += (place.where.empty() ? "" : " ") + word;
  }
  if (member_of(content, "retired_ms").is_number())
    place.retired = text_in(content, "retired_reason");
}

}  // namespace keyrite::certificate
