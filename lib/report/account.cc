// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/account.h"

#include <algorithm>
#include <utility>

#include "report/internal/members.h"
#include "transcript/event.h"

namespace keyrite::report {

namespace {

constexpr std::string_view kDestroyedWord = "destroyed";

registry::VersionId version_in(const Json& told) {
  return {text_in(told, "key"), number_in(told, "number")};
}

// What ended for good needs a word that only the token's holder could give.
bool ends_unvouched(const std::string& state, const Source& by) {
  return state == kDestroyedWord && !by.vouched;
}

// An act tells a state again when it finds it as it was: the first entry brought it about.
void add_state(States& states, StateTold told) {
  if (states.empty() || states.back().state != told.state || !told.basis.empty() ||
      !told.until.empty())
    states.push_back(std::move(told));
}

}  // namespace

const StateTold* state_at(const States& states, Time before) {
  const auto last = std::find_if(states.rbegin(), states.rend(),
                                 [&](const StateTold& told) { return told.by.at < before; });
  return last == states.rend() ? nullptr : &*last;
}

void Account::take(const act::RegistryEntry& entry, bool vouched) {
  const Source by{entry.mark.entry.seq, entry.mark.at, entry.mark.actor, vouched};
  if (!vouched && !transcript::is_act_on_files(entry.act)) remarks_.push_back({entry.act, by});
  take_request(entry, by);
  if (entry.act == "dek-unwrap") {
    const std::int64_t opened = number_in(entry.facts, "opened");
    if (opened > 0) unwraps_.push_back({opened, by});
  }
  if (entry.act == "credential-open") unwraps_.push_back({1, by});
  const Json& changes = member_in(entry.facts, "changes");
  if (!changes.is_array()) return;
  for (const auto& change : changes) take_change(entry.act, change, by);
}

void Account::take_change(const std::string& act, const Json& change, const Source& by) {
  if (const std::string tenant = text_in(change, "tenant"); !tenant.empty()) {
    const std::string state = text_in(change, "state");
    if (!state.empty()) add_state(tenants_[tenant], {.state = state, .by = by});
  }
  take_key(change, by);
  if (const Json& told = member_in(change, "version"); told.is_object()) take_version(told, by);
  if (const Json& told = member_in(change, "copy"); told.is_object()) take_copy(told, by);
  if (const Json& told = member_in(change, "placement"); told.is_object()) take_place(told, by);
  if (const Json& told = member_in(change, "frozen"); told.is_object()) take_frozen(told, by);
  // Only the approved decision condemns, and only at the token.
  if (const Json& told = member_in(change, "condemned");
      told.is_object() && act == "shred" && by.vouched)
    versions_[version_in(told)].condemned = by;
  if (const Json& told = member_in(change, "waived");
      told.is_object() && act == "shred-waive" && by.vouched)
    places_[{text_in(told, "destination"), number_in(told, "number")}].waived = by;
  if (const Json& told = member_in(change, "decision"); told.is_object())
    decisions_[{text_in(told, "kind"), text_in(told, "subject"), number_in(told, "number")}]
        .push_back({text_in(told, "sha256"), by});
}

void Account::take_key(const Json& change, const Source& by) {
  const Json& adopted = member_in(change, "adopted");
  if (adopted.is_object()) {
    auto& key = keys_[text_in(adopted, "key")];
    key.tenant = text_in(adopted, "tenant");
    if (key.type.empty()) key.made = by;  // no entry tells of its making
  }
  const std::string id = text_in(change, "key");
  if (id.empty() || text_in(change, "type").empty()) return;
  auto& key = keys_[id];
  const std::string tenant = text_in(change, "tenant");
  if (key.tenant.empty()) key.tenant = tenant.empty() ? std::string(registry::kNoTenant) : tenant;
  key.type = text_in(change, "type");
  key.usage = text_in(change, "usage");
  key.made = by;
}

void Account::take_version(const Json& told, const Source& by) {
  const std::string state = text_in(told, "state");
  if (ends_unvouched(state, by)) return;
  add_state(versions_[version_in(told)].states, {.state = state, .by = by});
}

void Account::take_copy(const Json& told, const Source& by) {
  const std::string state = text_in(told, "state");
  if (ends_unvouched(state, by)) return;
  auto& copy = copies_[text_in(told, "id")];
  // Where a copy is does not change, whatever a later entry says.
  if (const std::string form = text_in(told, "form"); !form.empty() && copy.form.empty()) {
    copy.version = version_in(told);
    copy.form = form;
    copy.token_serial = text_in(told, "token_serial");
  }
  add_state(copy.states, {.state = state, .by = by});
}

void Account::take_place(const Json& told, const Source& by) {
  auto& place = places_[{text_in(told, "destination"), number_in(told, "number")}];
  place.key = text_in(told, "key");
  add_state(place.states, {.state = text_in(told, "state"),
                           .by = by,
                           .basis = text_in(told, "basis"),
                           .evidence_sha256 = text_in(told, "evidence_sha256"),
                           .until = text_in(told, "until")});
}

void Account::take_frozen(const Json& told, const Source& by) {
  add_state(versions_[version_in(told)].frozen, {.state = text_in(told, "becomes"), .by = by});
}

// The entry of a shred tells of keys, and that of offboarding of the tenant itself.
void Account::take_request(const act::RegistryEntry& entry, const Source& by) {
  const std::string requested = text_in(entry.facts, "requested_at");
  if (requested.empty()) return;
  std::set<std::string> tenants;
  const Json& changes = member_in(entry.facts, "changes");
  if (!changes.is_array()) return;
  for (const auto& change : changes) {
    std::string tenant = text_in(change, "tenant");
    if (tenant.empty()) {
      const auto key = keys_.find(text_in(member_in(change, "condemned"), "key"));
      if (key != keys_.end()) tenant = key->second.tenant;
    }
    if (!tenant.empty()) tenants.insert(std::move(tenant));
  }
  for (const auto& tenant : tenants) requests_.push_back({tenant, requested, by});
}

const std::vector<DecisionTold>& Account::decisions(const DecisionKey& id) const {
  static const std::vector<DecisionTold> none{};
  const auto found = decisions_.find(id);
  return found == decisions_.end() ? none : found->second;
}

}  // namespace keyrite::report
