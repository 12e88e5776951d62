// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/compromise.h"

#include <limits>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/bytes.h"
#include "base/error.h"
#include "keys/validate_version.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::rotation {

namespace {

using registry::VersionState;

registry::Version read_version(const RotateRequest& one, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto key = act::key_named(*view.operator->(), *one.tenant, *one.key);
  return require_compromisable(*view.operator->(), {key.id, *one.version});
}

act::RegistryRows rows_of(const registry::VersionId& id) {
  return act::rows_of(kCompromiseAct, Json{id.key, id.number}, 1,
                      [id](registry::Stores& stores, const std::string& /*batch*/) {
                        std::vector<act::Fact> list;
                        if (require_compromisable(stores, id).state != VersionState::kCompromised)
                          list.push_back(act::moved(id, VersionState::kCompromised));
                        return act::changes(list);
                      });
}

act::Outcome performed(const RotateRequest& one, const registry::VersionId& id, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto reason = act::keep_text(site.path(site::kTextsName), *one.reason);
  act::Outcome outcome{.document = {{"key", id.key}, {"version", id.number}},
                       .text = {fmt::format("version {} is marked as compromised", id.number)},
                       .facts = {{"key", act::Fact::id(id.key)}, {"version", id.number}},
                       .registry = rows_of(id)};
  outcome.facts.join(reason.log_facts());
  return outcome;
}

}  // namespace

std::set<registry::VersionId> decided_compromises(const site::Site& site) {
  std::set<registry::VersionId> decided;
  for (const auto& entry : act::vouched_entries_of(site, kCompromiseAct))
    decided.insert({entry.facts.value("key", ""), entry.facts.value("version", std::int64_t{0})});
  return decided;
}

bool goes_ahead(const registry::Stores& stores, const Standing& standing,
                const std::set<registry::VersionId>& decided) {
  if (standing.active || standing.key.usage != registry::Usage::kWrap) return false;
  const auto next =
      standing.waiting ? standing.waiting->id.number : std::numeric_limits<std::int64_t>::max();
  const auto before = keys::version_before(stores, {standing.key.id, next});
  return before && before->state == VersionState::kCompromised && decided.contains(before->id);
}

registry::Version require_compromisable(const registry::Stores& stores,
                                        const registry::VersionId& id) {
  const auto version = stores.versions.find(id);
  if (!version) {
    throw Error(Kind::kUsage, "version-unknown",
                fmt::format("the key has no version {}", id.number),
                "keyrite key show lists the versions of the key");
  }
  if (version->frozen_by) {
    throw Error(
        Kind::kFailed, "version-frozen",
        fmt::format("version {} is frozen by entry {} of the log", id.number, *version->frozen_by),
        "end what froze it first");
  }
  const bool may = version->state == VersionState::kCompromised ||
                   registry::is_legal(registry::Subject::kVersion, registry::word(version->state),
                                      registry::word(VersionState::kCompromised));
  if (may) return *version;
  throw Error(Kind::kFailed, "transition-illegal",
              fmt::format("version {} is {} and does not become compromised", id.number,
                          registry::word(version->state)),
              "keyrite key show says in which state each version is");
}

act::Act mark_compromised(const RotateRequest& one) {
  return {
      approval::operation_named(kCompromiseAct), [one](const act::Context& context) {
        act::require_name(*one.reason, "the reason");
        const auto version = read_version(one, context);
        return act::PreparedAct{
            .intent = {.act = kCompromiseAct,
                       .request = act::record(one),
                       .inputs = {{.name = "version", .value = version.id.number}},
                       .id = to_hex(version.cka_id),
                       .covers = {.keys = {version.id.key}}},
            .need = {.access = pkcs11::Access::kReadOnly},
            .perform = [one, id = version.id](act::AtWork& at) { return performed(one, id, at); }};
      }};
}

}  // namespace keyrite::rotation
