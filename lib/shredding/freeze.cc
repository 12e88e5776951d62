// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What shred does first, so that nothing is added to what approvers are shown.
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

bool is_to_change(const DoomedVersion& one, bool freezes) {
  return !one.is_destroyed() && one.version.frozen_by.has_value() != freezes;
}

void require_not_approved(const Scope& scope) {
  for (const auto& one : scope.versions) {
    if (!is_condemned(one) || one.is_destroyed()) continue;
    throw Error(Kind::kFailed, "shred-approved",
                fmt::format("{} was approved for destruction by entry {} of the log", one.text(),
                            *one.condemned_by),
                "what was approved is not taken back: run shred again, so that it ends");
  }
}

std::vector<act::Fact> frozen_of(const Scope& scope, bool freezes) {
  if (!freezes) require_not_approved(scope);
  std::vector<act::Fact> list;
  for (const auto& one : scope.versions) {
    if (is_to_change(one, freezes)) list.push_back(act::frozen(one.version.id, freezes));
  }
  if (!list.empty()) return list;
  throw Error(Kind::kFailed, freezes ? "shred-nothing" : "version-not-frozen",
              freezes ? "every version is frozen or destroyed" : "no version is frozen",
              "keyrite key show says in which state each version is");
}

act::Outcome performed(const char* act, const ShredRequest& request, bool freezes,
                       act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto logged = logged_versions(site);
  const auto scope = read_scope(at.context(), request, logged);
  const auto count = frozen_of(scope, freezes).size();
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  act::Outcome outcome{
      .document = {{"versions", count}, {"frozen", freezes}},
      .text = {fmt::format(
          "{} version(s) {}", count,
          freezes ? "are frozen: they wrap and open nothing" : "are not frozen any more")},
      .registry =
          act::rows_of(act, Json{scope.tenant.id, request.reason}, 1,
                       [=, &site](registry::Stores& stores, const std::string& /*batch*/) {
                         return act::changes(frozen_of(
                             scope_of(stores, request, act::decisions_of(site), logged), freezes));
                       })};
  outcome.facts = reason.log_facts();
  return outcome;
}

act::Act change(const char* name, const ShredRequest& request, bool freezes) {
  return {approval::operation_named(name), [=](const act::Context& context) {
            (void)frozen_of(
                read_scope(context, request, logged_versions(act::required_site(context))),
                freezes);
            return act::PreparedAct{
                .intent = {.act = name, .request = act::record(request)},
                .perform = [=](act::AtWork& at) { return performed(name, request, freezes, at); }};
          }};
}

}  // namespace

bool is_frozen(const DoomedVersion& version) {
  return version.is_destroyed() || version.version.frozen_by.has_value();
}

bool is_condemned(const DoomedVersion& version) { return version.condemned_by.has_value(); }

act::Act freeze(const ShredRequest& request) { return change(kFreezeAct, request, true); }
act::Act unfreeze(const ShredRequest& request) { return change(kUnfreezeAct, request, false); }

}  // namespace keyrite::shredding
