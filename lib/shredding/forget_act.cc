// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The names of a tenant leave the registry.
#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/registry_reading.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "keys/legal_hold.h"
#include "registry/registry.h"
#include "shredding/internal/forget_acts.h"
#include "shredding/internal/name_copy.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

void require_offboarding(const registry::Tenant& tenant) {
  if (tenant.state == registry::TenantState::kOffboarding) return;
  throw Error(Kind::kFailed, "tenant-not-offboarding",
              fmt::format("the tenant is {}: only one that is offboarding is forgotten",
                          registry::word(tenant.state)),
              "keyrite tenant offboard says that it leaves, and ends its credentials");
}

void require_destroyed(const Scope& scope) {
  for (const auto& one : scope.versions) {
    if (one.is_destroyed()) continue;
    throw Error(Kind::kFailed, "key-not-destroyed",
                fmt::format("{} is {}", one.text(), registry::word(one.version.state)),
                "shred the tenant's keys first: nobody would know whose they are");
  }
}

// Each that may have a version still; those that were waived are counted apart.
std::size_t require_answered(const Scope& scope) {
  std::vector<std::string> open;
  std::size_t waived = 0;
  for (const auto& one : scope.versions) {
    for (const auto& place : one.places) {
      if (!may_be_at_cloud(place.placement)) continue;
      if (place.waived_by) {
        ++waived;
        continue;
      }
      open.push_back(fmt::format("{} at {} ({}), destination {}", one.text(),
                                 act::place_text(place.destination), word(place.placement.state),
                                 place.destination.id));
    }
  }
  if (open.empty()) return waived;
  throw Error(
      Kind::kFailed, "destinations-open",
      fmt::format("no answer says that the cloud has it no more: {}", fmt::join(open, "; ")),
      "bring the answers with --answers; for a cloud that nobody can ask any more, --waive "
      "ID with its reason, which officers approve");
}

bool has_versions(const registry::Stores& stores, const registry::Tenant& tenant) {
  return std::ranges::any_of(stores.keys.of(tenant.id), [&](const registry::Key& key) {
    return !stores.versions.of(key.id).empty();
  });
}

// Also what others may miss: a statement without its names is shown with pseudonyms alone.
std::vector<std::string> told_before(const act::Context& context, const Forgettable& found) {
  auto lines = still_named(found.scope);
  const auto files = named_files(act::required_site(context), *found.tenant.name);
  for (const auto& path : files.texts) lines.push_back(fmt::format("goes: {}", printable(path)));
  for (const auto& path : files.approvals)
    lines.push_back(fmt::format("goes: {}", printable(path)));
  return lines;
}

void confirm(const act::Context& context, const Forgettable& found) {
  if (!context.ask || context.dry_run) return;
  const auto answer = context.ask({.lines = told_before(context, found),
                                   .prompt = "Type the name of the tenant that is to be forgotten:",
                                   .typed = *found.tenant.name});
  if (!answer || *answer) return;
  throw Error(Kind::kUsage, "shred-not-confirmed", "what was typed is not the name of the tenant",
              "nothing was erased: run the same command again");
}

void require_outside(const std::string& copy, const site::Site& site) {
  if (!time_of_left_copy(copy)) require_writable_new_path(copy);
  if (!site::is_within(copy, site.folder)) return;
  throw Error(Kind::kUsage, "copy-in-site",
              fmt::format("{} is in the site, which is to have the names no more", printable(copy)),
              "give another folder: who keeps the names is the controller, and not this site");
}

Forgettable read_forgettable(const act::Context& context, const ShredRequest& request) {
  const auto& site = act::required_site(context);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  const auto view = registry.read();
  return forgettable(*view.operator->(), site, tenant_meant(*view.operator->(), request.tenant));
}

act::LogFacts forgotten(const std::string& tenant) {
  return {{"tenant", act::Fact::id(tenant)}, {"state", act::Words("forgotten")}};
}

act::Outcome performed_forgetting(const ShredRequest& request, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto found = read_forgettable(at.context(), request);
  const auto id = found.tenant.id;
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  NameCopy copy;
  const auto left = time_of_left_copy(*request.copy);
  {
    const registry::Registry registry(site.path(site::kRegistryName));
    const auto view = registry.read();
    copy = name_copy(*view.operator->(), site, found.tenant,
                     left.value_or(format_rfc3339(at.context().now())));
  }
  // What a killed run left is taken if it is what this run would write.
  if (left && !is_in(copy, *request.copy)) require_writable_new_path(*request.copy);
  if (!left) write_new_folder(*request.copy, {{.name = kNameCopyName, .content = copy.content}});
  act::Outcome outcome{
      .document = {{"tenant", id}, {"copy_sha256", copy.sha256}},
      .facts = {{"tenant", act::Fact::id(id)},
                {"copy_sha256", act::Fact::sha256(copy.sha256)},
                {"waived", found.waived}},
      .registry = act::rows_of(kForgetAct, Json{id}, 1,
                               [id, &site](registry::Stores& stores, const std::string& /*batch*/) {
                                 (void)forgettable(stores, site, tenant_meant(stores, id));
                                 return act::changes({forgotten(id)});
                               })};
  outcome.facts.join(reason.log_facts());
  return outcome;
}

}  // namespace

registry::Tenant tenant_meant(const registry::Stores& stores, const std::string& word) {
  if (const auto tenant = stores.tenants.find(word)) return *tenant;
  if (const auto tenant = stores.tenants.named(word)) return *tenant;
  throw Error(
      Kind::kUsage, "tenant-unknown", fmt::format("the site has no tenant \"{}\"", printable(word)),
      "a tenant that was forgotten has no name: give its id, as the copy of its names has it");
}

Forgettable forgettable(const registry::Stores& stores, const site::Site& site,
                        const registry::Tenant& tenant) {
  require_offboarding(tenant);
  const auto decisions = act::decisions_of(site);
  keys::require_no_hold(stores, tenant, decisions);
  Forgettable found{.tenant = tenant, .scope = {.tenant = tenant}};
  if (has_versions(stores, tenant))
    found.scope = scope_of(stores, {.tenant = *tenant.name}, decisions, logged_versions(site));
  require_destroyed(found.scope);
  found.waived = require_answered(found.scope);
  return found;
}

std::vector<std::string> still_named(const Scope& scope) {
  std::vector<std::string> lines{
      "These may name the tenant still, and keyrite does not reach them:"};
  for (const auto& one : scope.versions) {
    for (const auto& copy : one.copies) {
      if (copy.form == registry::CopyForm::kToken) continue;
      lines.push_back(
          fmt::format("  the {} of {} with SHA-256 {}", word(copy.form), one.text(), copy.sha256));
    }
    for (const auto& place : one.places)
      lines.push_back(fmt::format("  {}: its own names, tags and logs of the key",
                                  act::place_text(place.destination)));
  }
  for (const char* line :
       {"  answers, scripts and request files on the connected machine",
        "  minutes and ceremony files, certificates that were issued with the name",
        "  exports of the log with names, backups of the registry and of this folder",
        "  the HSM's own log, the token's label, labels of objects that keyrite did not make",
        "  records of data keys and credentials that services keep"})
    lines.emplace_back(line);
  return lines;
}

std::optional<LoggedForgetting> logged_forgetting(const site::Site& site,
                                                  const std::string& tenant) {
  std::optional<LoggedForgetting> found;
  for (const auto& entry : act::vouched_entries_of(site, kForgetAct)) {
    if (entry.facts.value("tenant", "") == tenant)
      found = LoggedForgetting{.entry = entry.mark.entry.seq,
                               .copy_sha256 = entry.facts.value("copy_sha256", "")};
  }
  if (!found) return std::nullopt;
  for (const auto& entry : act::vouched_entries_of(site, kNamesAct)) {
    if (entry.facts.value("tenant", "") == tenant) found->finished = entry.mark.entry.seq;
  }
  return found;
}

act::Act forget(const ShredRequest& request) {
  return {approval::operation_named(kForgetAct), [=](const act::Context& context) {
            require_outside(*request.copy, act::required_site(context));
            const auto found = read_forgettable(context, request);
            confirm(context, found);
            return act::PreparedAct{
                .intent = {.act = kForgetAct,
                           .also = {kShredAct},
                           .request = act::record(request),
                           .inputs = {{.name = "tenant_id", .value = found.tenant.id},
                                      {.name = "waived", .value = found.waived}},
                           .outputs = {*request.copy}},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return performed_forgetting(request, at); }};
          }};
}

}  // namespace keyrite::shredding
