// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/scope.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/legal_hold.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

using registry::PlacementState;

[[noreturn]] void differs(const DoomedVersion& doomed, std::string_view what,
                          const std::string& has, const std::string& log) {
  throw Error(Kind::kVerification, "version-differs",
              fmt::format("{}: the registry has the {} {}, and the log {}", doomed.text(), what,
                          printable(has), log.empty() ? "none" : printable(log)),
              "nothing was destroyed: a row was changed, find out by whom")
      .with_compared({.expected = log, .found = has});
}

std::string entry_text(const std::optional<std::uint64_t>& entry) {
  return entry ? std::to_string(*entry) : std::string("none");
}

void compare_values(const DoomedVersion& doomed, const keys::LoggedVersion& log) {
  for (const auto& value : log.check_values) {
    if (std::ranges::find(doomed.check_values, value) == doomed.check_values.end())
      differs(doomed, "check values", "others", value.algorithm + " " + value.value);
  }
  const auto half = doomed.version.public_key_sha256.value_or("");
  if (half != log.public_key_sha256) differs(doomed, "public half", half, log.public_key_sha256);
}

void compare_copies(DoomedVersion& doomed, const keys::LoggedVersion& log) {
  std::size_t here = 0;
  for (const auto& copy : doomed.copies) {
    if (copy.form != registry::CopyForm::kToken) continue;
    ++here;
    const auto found = log.copies.find(copy.id);
    const std::string state(registry::word(copy.state));
    if (found == log.copies.end()) differs(doomed, "copy", copy.token_serial, "");
    if (found->second.token_serial != copy.token_serial)
      differs(doomed, "copy on token", copy.token_serial, found->second.token_serial);
    if (found->second.state != state) differs(doomed, "copy", state, found->second.state);
  }
  if (here != log.copies.size())
    differs(doomed, "number of copies on tokens", std::to_string(here),
            std::to_string(log.copies.size()));
  doomed.shown_gone = here > 0 && std::ranges::all_of(log.copies, [](const auto& one) {
                        return one.second.shown_gone;
                      });
}

void compare(DoomedVersion& doomed, const LoggedVersions& logged) {
  const auto log = logged.of(doomed.version.id);
  const auto id = to_hex(doomed.version.cka_id);
  const std::string state(registry::word(doomed.version.state));
  if (log.cka_id != id) differs(doomed, "id", id, log.cka_id);
  if (log.state != state) differs(doomed, "state", state, log.state);
  if (log.frozen_by != doomed.version.frozen_by)
    differs(doomed, "entry that froze it", entry_text(doomed.version.frozen_by),
            entry_text(log.frozen_by));
  compare_values(doomed, log);
  compare_copies(doomed, log);
  doomed.condemned_by = log.condemned_by;
  for (auto& place : doomed.places) {
    const auto waived = logged.waived.find({place.destination.id, place.placement.id.number});
    if (waived != logged.waived.end()) place.waived_by = waived->second;
  }
}

std::vector<CloudPlace> places_of(const registry::Stores& stores, const registry::VersionId& id) {
  std::vector<CloudPlace> places;
  for (const auto& placement : stores.placements.of(id)) {
    if (placement.state == PlacementState::kAsked) continue;
    const auto destination = stores.destinations.find(placement.id.destination);
    if (!destination) continue;
    places.push_back({.destination = *destination, .placement = placement});
    if (placement.state == PlacementState::kDeletionScheduled)
      places.back().scheduled = stores.placements.events(placement.id).back().until;
  }
  return places;
}

DoomedVersion doomed_version(const registry::Stores& stores, const registry::Key& key,
                             const registry::Version& version) {
  DoomedVersion doomed{.key = key,
                       .version = version,
                       .check_values = stores.versions.check_values(version.id),
                       .canary = stores.versions.canary(version.id),
                       .copies = stores.copies.of(version.id),
                       .places = places_of(stores, version.id)};
  for (const auto& count : stores.deks.counts(key.id)) {
    if (count.version != version.id) continue;
    doomed.deks_here = count.here;
    doomed.deks_with_callers = count.caller;
  }
  doomed.credentials = stores.credentials.count_under(version.id);
  return doomed;
}

bool is_meant(const Scope& scope, const registry::VersionId& id) {
  return std::ranges::any_of(scope.versions,
                             [&](const DoomedVersion& one) { return one.version.id == id; });
}

// The clouds delete a whole key: what else is in it, at whichever destination of the key.
std::vector<std::int64_t> sharing(const registry::Stores& stores, const Scope& scope,
                                  const DoomedVersion& doomed, const CloudPlace& place) {
  std::vector<std::int64_t> numbers;
  for (const auto& destination : stores.destinations.of(doomed.key.id)) {
    for (const auto& other : stores.placements.sharing(destination.id, place.placement)) {
      if (!is_meant(scope, {other.key, other.id.number}) && may_be_at_cloud(other))
        numbers.push_back(other.id.number);
    }
  }
  return numbers;
}

void find_shared(const registry::Stores& stores, Scope& scope) {
  for (auto& doomed : scope.versions) {
    for (auto& place : doomed.places) place.shared_with = sharing(stores, scope, doomed, place);
  }
}

std::vector<registry::Key> keys_meant(const registry::Stores& stores, const ShredRequest& request,
                                      const registry::Tenant& tenant) {
  if (request.key) return {act::key_named(stores, request.tenant, *request.key)};
  std::vector<registry::Key> keys;
  for (auto& key : stores.keys.list()) {
    if (key.tenant == tenant.id) keys.push_back(std::move(key));
  }
  std::ranges::sort(keys, {}, [](const registry::Key& key) { return key.name.value_or(key.id); });
  return keys;
}

[[noreturn]] void nothing_meant(const ShredRequest& request) {
  if (request.version) {
    throw Error(Kind::kUsage, "version-unknown",
                fmt::format("the key has no version {}", *request.version),
                "keyrite key show lists the versions of the key");
  }
  throw Error(Kind::kFailed, "shred-nothing", "no version of a key is there that could be shredded",
              "keyrite inventory list shows the keys of the tenant");
}

}  // namespace

std::string DoomedVersion::text() const { return act::version_text(key, version.id); }

bool Scope::all(bool (*is)(const DoomedVersion&)) const {
  return std::ranges::all_of(versions, is);
}

std::vector<std::string> keys_of(const Scope& scope) {
  std::vector<std::string> keys;
  for (const auto& one : scope.versions) {
    if (std::ranges::find(keys, one.key.id) == keys.end()) keys.push_back(one.key.id);
  }
  return keys;
}

bool is_on_token(const registry::Copy& copy) {
  return copy.form == registry::CopyForm::kToken && copy.state != registry::CopyState::kDestroyed;
}

bool may_be_at_cloud(const registry::Placement& placement) {
  switch (placement.state) {
    case PlacementState::kNone:
    case PlacementState::kAsked:
    case PlacementState::kDeleted:
      return false;
    default:
      return true;
  }
}

Scope scope_of(const registry::Stores& stores, const ShredRequest& request,
               const registry::DecisionInLog& log, const LoggedVersions& logged) {
  Scope scope{.tenant = act::tenant_named(stores.tenants, request.tenant)};
  keys::require_no_hold(stores, scope.tenant, log);
  for (const auto& key : keys_meant(stores, request, scope.tenant)) {
    for (const auto& version : stores.versions.of(key.id)) {
      if (request.version && version.id.number != *request.version) continue;
      auto doomed = doomed_version(stores, key, version);
      compare(doomed, logged);
      scope.versions.push_back(std::move(doomed));
    }
  }
  if (scope.versions.empty()) nothing_meant(request);
  find_shared(stores, scope);
  return scope;
}

namespace {

// The first entry that the registry has not taken over.
std::optional<std::uint64_t> first_missing(const registry::Stores& stores, const site::Site& site) {
  std::optional<std::uint64_t> first;
  act::each_registry_entry(site, stores.log.position(site.settings.log.origin).size,
                           [&](const act::RegistryEntry& entry) {
                             if (!first) first = entry.mark.entry.seq;
                           });
  return first;
}

}  // namespace

// A registry that could not take over the last entry, since its disk was full, differs from the
// log, and nobody changed a row.
Scope scope_of_site(const registry::Stores& stores, const site::Site& site,
                    const ShredRequest& request, const LoggedVersions& logged) {
  try {
    return scope_of(stores, request, act::decisions_of(site), logged);
  } catch (const Error& error) {
    const auto missing =
        error.code() == "version-differs" ? first_missing(stores, site) : std::nullopt;
    if (!missing) throw;
    throw Error(Kind::kUnknownOutcome, "registry-behind",
                fmt::format("the registry of {} has not taken over entry {} of the log",
                            printable(site.folder), *missing),
                "an act was interrupted, or is at work still: run keyrite resume");
  }
}

Scope read_scope(const act::Context& context, const ShredRequest& request,
                 const LoggedVersions& logged) {
  const auto& site = act::required_site(context);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  const auto view = registry.read();
  return scope_of_site(*view.operator->(), site, request, logged);
}

}  // namespace keyrite::shredding
