// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/offboarding.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/inventory_keys.h"
#include "report/gathering.h"
#include "report/internal/checklist.h"
#include "report/period.h"

namespace keyrite::report {

Leaving Checklist::of(std::optional<Time> given) && {
  leaving_.tenant = inventory::tenant_text(tenant_);
  leaving_.tenant_id = tenant_.id;
  find_request(given);
  add_state();
  add_hold();
  add_credentials();
  add_holders();
  for (const auto& key : stores_.keys.of(tenant_.id)) add_shred(key);
  add_places();
  add_copies();
  add_certificate();
  add_names();
  return std::move(leaving_);
}

std::string Checklist::whose() const { return shell_quote(tenant_.name.value_or(tenant_.id)); }

std::string Checklist::shred_command(std::string_view more) const {
  std::string command = fmt::format("keyrite shred --tenant {} --reason REASON", whose());
  return more.empty() ? command : fmt::format("{} {}", command, more);
}

std::string Checklist::since_request() const {
  return leaving_.requested ? "--requested-at " + format_rfc3339(*leaving_.requested)
                            : std::string("--requested-at TIME");
}

const StateTold* Checklist::tenant_state() const {
  const auto states = whole_.tenants().find(tenant_.id);
  return states == whole_.tenants().end() ? nullptr : state_at(states->second, Time::max());
}

bool Checklist::is_in(std::string_view state) const {
  const auto* told = tenant_state();
  return told != nullptr && told->state == state;
}

void Checklist::take_request(Time at, const char* from, std::optional<Source> by) {
  if (leaving_.requested && *leaving_.requested <= at) return;
  leaving_.requested = at;
  leaving_.requested_from = from;
  leaving_.requested_by = std::move(by);
}

void Checklist::find_request(std::optional<Time> given) {
  leaving_.requested_from = "nothing";
  // Of a tenant that stayed after all, what was asked before is over.
  std::uint64_t stayed = 0;
  const auto states = whole_.tenants().find(tenant_.id);
  if (states != whole_.tenants().end()) {
    for (const auto& told : states->second) {
      if (told.state == "active") stayed = told.by.entry;
    }
  }
  for (const auto& one : whole_.requests()) {
    if (one.tenant != tenant_.id || one.by.entry <= stayed) continue;
    try {
      take_request(std::chrono::floor<std::chrono::milliseconds>(
                       parse_rfc3339(one.requested_at, "requested_at")),
                   "entry", one.by);
    } catch (const Error&) {
      continue;  // not a time: as if it were not there
    }
  }
  if (given) take_request(*given, "given", std::nullopt);
  const auto* told = tenant_state();
  if (!leaving_.requested && told != nullptr && told->state == "offboarding")
    take_request(told->by.at, "offboarded", told->by);
  if (leaving_.requested) leaving_.law_day = a_month_after(*leaving_.requested);
}

void Checklist::add_state() {
  const auto* told = tenant_state();
  const bool done = is_in("offboarding") || is_in("forgotten");
  leaving_.items.push_back(
      {.what = "offboard",
       .about = "the tenant gets no new keys, data keys or credentials",
       .state = done ? ItemState::kDone : ItemState::kToDo,
       .detail = told == nullptr ? std::string("no entry of the log tells of it")
                                 : "it is " + told->state,
       .by = source_of(told),
       .command = done ? std::nullopt
                       : std::optional(fmt::format("keyrite tenant offboard {} --reason REASON {}",
                                                   whose(), since_request()))});
}

void Checklist::add_hold() {
  if (!hold_) {
    leaving_.items.push_back({.what = "hold", .about = "no legal hold", .state = ItemState::kDone});
    return;
  }
  leaving_.items.push_back(
      {.what = "hold",
       .about = "the legal hold has to end first: nothing is destroyed under it",
       .state = ItemState::kBlocked,
       .detail = fmt::format("by {}", printable(hold_->authority)),
       .command = fmt::format("keyrite tenant release {} --reason REASON", whose())});
}

void Checklist::add_credentials() {
  std::size_t revoked = 0;
  for (const auto& one : stores_.credentials.of(tenant_.id)) {
    if (one.revoked) {
      ++revoked;
      continue;
    }
    leaving_.items.push_back(
        {.what = "credential",
         .about = fmt::format("revoke the credential {}/{}", printable(one.service),
                              printable(one.environment)),
         .state = ItemState::kToDo,
         .detail = "keyrite tenant offboard revokes it too",
         .command = fmt::format(
             "keyrite credential revoke --tenant {} --service {} --environment {} --reason REASON",
             whose(), shell_quote(one.service), shell_quote(one.environment))});
  }
  if (revoked == 0) return;
  leaving_.items.push_back(
      {.what = "credential",
       .about = fmt::format("{} revoked here", counted(revoked, "credential")),
       .state = ItemState::kOutside,
       .detail = "keyrite does not speak to the services: revoke them there too"});
}

// Those of a destroyed version have no wrapped bytes any more, and holders may still keep theirs.
void Checklist::add_holders() {
  for (const auto& key : stores_.keys.of(tenant_.id)) {
    Held open;
    Held shut;
    for (const auto& count : stores_.deks.counts(key.id)) {
      const auto version = stores_.versions.find(count.version);
      const bool is_shut = version && version->state == registry::VersionState::kDestroyed;
      auto& held = is_shut ? shut : open;
      const auto deks = count.here + count.caller + (is_shut ? count.gone : 0);
      if (deks == 0) continue;
      held.deks += static_cast<std::uint64_t>(deks);
      for (const auto& holder : stores_.deks.holders(count.version))
        held.holders.insert(printable(holder));
    }
    add_held(key, open, "will not open any more");
    add_held(key, shut, "do not open any more");
  }
}

void Checklist::add_held(const registry::Key& key, const Held& held, std::string_view what) {
  if (held.deks == 0) return;
  const std::string whom = held.holders.empty() ? std::string("whoever has them")
                                                : fmt::format("{}", fmt::join(held.holders, ", "));
  leaving_.items.push_back(
      {.what = "holder",
       .about = fmt::format("tell {} that {} of the key {} {}", whom,
                            counted(held.deks, "data key"), inventory::key_text(key), what),
       .state = ItemState::kOutside,
       .detail = held.holders.empty() ? "no holder is on record" : "the command lists them",
       .command = fmt::format("keyrite dek list --tenant {} --key {}", whose(),
                              shell_quote(key.name.value_or(key.id)))});
}

std::string_view item_word(ItemState state) {
  switch (state) {
    case ItemState::kDone:
      return "done";
    case ItemState::kToDo:
      return "to-do";
    case ItemState::kWaits:
      return "waits";
    case ItemState::kBlocked:
      return "blocked";
    case ItemState::kOutside:
      return "outside";
  }
  return "";
}

bool Leaving::is_over() const {
  return std::ranges::all_of(items, [](const LeavingItem& item) {
    return item.state == ItemState::kDone || item.state == ItemState::kOutside;
  });
}

Leaving leaving_of(const Account& whole, const registry::Stores& stores,
                   const registry::Tenant& tenant, std::optional<Time> given) {
  return Checklist(whole, stores, tenant).of(given);
}

}  // namespace keyrite::report
