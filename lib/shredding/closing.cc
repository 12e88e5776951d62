// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The end of a version.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/registry.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

std::vector<registry::VersionId> to_close(const Scope& scope) {
  std::vector<registry::VersionId> list;
  for (const auto& one : scope.versions) {
    if (may_close(one)) list.push_back(one.version.id);
  }
  return list;
}

std::vector<act::Fact> closed(const Scope& scope) {
  std::vector<act::Fact> list;
  for (const auto& id : to_close(scope))
    list.push_back(act::moved(id, registry::VersionState::kDestroyed));
  return list;
}

// SQLite leaves what it freed in its pages until the file is written anew.
void rewrite_registry(const site::Site& site, const ErasedBytes& erased) {
  const auto path = site.path(site::kRegistryName);
  registry::Registry registry(path);
  registry.rewrite();
  const auto left = registry::count_in_file(path, *erased);
  if (left == 0) return;
  throw Error(Kind::kFailed, "wrapped-bytes-left",
              fmt::format("{} wrapped data key(s) that left the registry are in its file still: {}",
                          left, printable(path)),
              "close other programs that have the file open, and run the same command again");
}

act::Outcome performed(const ShredRequest& request, const ErasedBytes& erased, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto logged = logged_versions(site);
  const auto ids = to_close(read_scope(at.context(), request, logged));
  const auto count = ids.size();
  rewrite_registry(site, erased);
  const auto gone = records_gone(site, logged, ids);
  act::Outcome outcome{
      .document = {{"versions", count}, {"searched_for", erased->size()}},
      .facts = {{"versions", count}, {"searched_for", erased->size()}},
      .registry = act::rows_of(
          kCloseAct, Json{count}, 1,
          [=, &site](registry::Stores& stores, const std::string& /*batch*/) {
            return act::changes(closed(scope_of(stores, request, act::decisions_of(site), logged)));
          })};
  if (gone)
    outcome.facts.add("deks", gone->deks)
        .add("dek_list_sha256", act::Fact::sha256(gone->list_sha256));
  return outcome;
}

}  // namespace

bool may_close(const DoomedVersion& version) {
  return is_condemned(version) && !version.is_destroyed() && version.version.frozen_by &&
         version.shown_gone && version.deks_here + version.deks_with_callers == 0;
}

act::Act close(const ShredRequest& request, const ErasedBytes& erased) {
  return {approval::operation_named(kCloseAct), [=](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = kCloseAct, .request = act::record(request)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return performed(request, erased, at); }};
          }};
}

}  // namespace keyrite::shredding
