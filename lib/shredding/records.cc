// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What the registry keeps under a condemned version leaves it.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/error.h"
#include "keys/legal_hold.h"
#include "registry/registry.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

constexpr std::size_t kKnownBy = 16;

std::vector<registry::Dek> next_records(const registry::Stores& stores,
                                        const registry::VersionId& id, std::int64_t limit) {
  for (const auto kept : {registry::Kept::kHere, registry::Kept::kCaller}) {
    auto deks = stores.deks.page({.version = id, .kept = kept, .limit = limit});
    if (!deks.empty()) return deks;
  }
  return {};
}

// Only when no key can open them any more.
void require_gone(const registry::Stores& stores, const registry::VersionId& id) {
  if (const auto key = stores.keys.find(id.key)) keys::require_no_hold(stores, key->tenant);
  const auto version = stores.versions.find(id);
  const bool left = std::ranges::any_of(stores.copies.of(id), is_on_token);
  if (version && version->frozen_by && !left) return;
  throw Error(Kind::kFailed, "copies-left", "a token has the version still",
              "records are erased when a fresh process has found none of its copies");
}

act::Outcome performed(const registry::VersionId& id, const ErasedBytes& erased, act::AtWork& at) {
  std::vector<registry::Dek> deks;
  {
    const registry::Registry registry(act::required_site(at.context()).path(site::kRegistryName));
    const auto view = registry.read();
    require_gone(*view.operator->(), id);
    deks = next_records(*view.operator->(), id, kRecordsAtOnce);
  }
  Json rows = Json::array();
  std::vector<act::Fact> list;
  std::vector<act::Fact> gone;
  for (const auto& dek : deks) {
    rows.push_back({{"id", dek.id}, {"sha256", dek.wrapped_sha256}});
    list.emplace_back(act::LogFacts{{"id", act::Fact::id(dek.id)},
                                    {"sha256", act::Fact::sha256(dek.wrapped_sha256)}});
    gone.push_back(act::erased(dek.id));
    if (dek.wrapped.size() >= kKnownBy)
      erased->emplace_back(dek.wrapped.begin(), dek.wrapped.begin() + kKnownBy);
  }
  act::Outcome outcome{.facts = {{"records", deks.size()}, {"deks", list}}};
  if (deks.empty()) return outcome;
  outcome.registry =
      act::rows_of(kRecordsAct, rows, deks.size(),
                   [gone](registry::Stores& /*stores*/, const std::string& /*batch*/) {
                     return act::changes(gone);
                   });
  return outcome;
}

}  // namespace

bool has_records(const act::Context& context, const registry::VersionId& version) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return !next_records(*view.operator->(), version, 1).empty();
}

act::Act erase_records(const ShredRequest& request, const registry::VersionId& version,
                       const ErasedBytes& erased) {
  return {approval::operation_named(kRecordsAct), [=](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = kRecordsAct, .request = act::record(request)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return performed(version, erased, at); }};
          }};
}

}  // namespace keyrite::shredding
