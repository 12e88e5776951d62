// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What officers approve: the very list, by its SHA-256.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

using registry::CopyState;
using registry::VersionState;

// Where several sites take the statement, each is held to `sites`, and this one to the rest too.
act::RecordedRequest inputs_of(const Listed& found, const Json& sites) {
  Json versions = Json::array();
  for (const auto& one : found.scope.versions) {
    if (!one.is_destroyed()) versions.push_back(one.text());
  }
  act::RecordedRequest inputs{{.name = "list_sha256", .value = found.loss.list_sha256},
                              {.name = "versions", .value = std::move(versions), .is_name = true},
                              {.name = "tokens", .value = to_json(tokens_of(found.scope))},
                              {.name = "data_keys", .value = found.loss.deks},
                              {.name = "data_key_list_sha256", .value = found.loss.dek_list_sha256},
                              {.name = "credentials", .value = found.loss.credentials}};
  if (!sites.is_null()) inputs.push_back({.name = "sites", .value = sites});
  return inputs;
}

void type_name(const act::Context& context, const Listed& found, const std::string& what,
               const std::string& name) {
  const auto answer = context.ask({.lines = loss_lines(found.loss, found.scope),
                                   .prompt = fmt::format("Type the name of the {} that is to be "
                                                         "shredded:",
                                                         what),
                                   .typed = name});
  if (!answer || *answer) return;
  throw Error(Kind::kUsage, "shred-not-confirmed",
              fmt::format("what was typed is not the name of the {}", what),
              "nothing was destroyed, and the versions stay frozen: run the same command again, or "
              "give --unfreeze");
}

void confirm(const act::Context& context, const ShredRequest& request, const Listed& found) {
  if (!context.ask || context.dry_run) return;
  type_name(context, found, "tenant", request.tenant);
  if (request.key) type_name(context, {}, "key", *request.key);
}

void add_version(const DoomedVersion& one, std::vector<act::Fact>& list) {
  if (one.is_destroyed()) return;
  list.push_back(act::condemned(one.version.id));
  const auto state = one.version.state;
  if (state == VersionState::kActive || state == VersionState::kSuspended)
    list.push_back(act::moved(one.version.id, VersionState::kDeactivated));
  for (const auto& copy : one.copies) {
    if (!is_on_token(copy)) continue;
    if (copy.state == CopyState::kPresent || copy.state == CopyState::kMissing)
      list.push_back(act::moved(copy.id, CopyState::kDestructionPending));
  }
}

act::RegistryRows rows_of(const ShredRequest& request, const act::Context& context,
                          const std::string& list_sha256) {
  const auto& site = act::required_site(context);
  const auto logged = logged_versions(site);
  return act::rows_of(
      kShredAct, Json{list_sha256}, 1,
      [=, &site](registry::Stores& stores, const std::string& /*batch*/) {
        const auto scope = scope_of(stores, request, act::decisions_of(site), logged);
        if (!scope.all(is_frozen) || loss_of(stores, scope).list_sha256 != list_sha256) {
          throw Error(Kind::kFailed, "shred-changed",
                      "what would be shredded is not what was approved",
                      "nothing was destroyed: run the same command again, and have the new list "
                      "approved");
        }
        std::vector<act::Fact> list;
        for (const auto& one : scope.versions) add_version(one, list);
        return act::changes(list);
      });
}

act::Outcome performed(const ShredRequest& request, const std::string& list_sha256,
                       act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto found = listed(at.context(), request);
  require_nothing_more(found.scope);
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  act::Outcome outcome{.document = to_json(found.loss, found.scope),
                       .text = {fmt::format("{} version(s) are condemned", found.loss.versions)},
                       .facts = {{"list_sha256", act::Fact::sha256(found.loss.list_sha256)},
                                 {"versions", found.loss.versions},
                                 {"deks", found.loss.deks},
                                 {"dek_list_sha256", act::Fact::sha256(found.loss.dek_list_sha256)},
                                 {"credentials", found.loss.credentials}},
                       .registry = rows_of(request, at.context(), list_sha256)};
  outcome.facts.join(reason.log_facts());
  if (request.requested_at)
    outcome.facts.add("requested_at",
                      act::Fact(parse_rfc3339(*request.requested_at, "--requested-at")));
  return outcome;
}

}  // namespace

bool is_decided(const DoomedVersion& version) {
  if (version.is_destroyed()) return true;
  return is_condemned(version) && std::ranges::none_of(version.copies, [](const auto& copy) {
           return is_on_token(copy) &&
                  (copy.state == CopyState::kPresent || copy.state == CopyState::kMissing);
         });
}

act::Act condemn(const ShredRequest& request, const SitesRequest& sites) {
  return {approval::operation_named(kShredAct), [=](const act::Context& context) {
            const auto found = listed(context, request);
            require_nothing_more(found.scope);
            const Json named = sites_of(context, sites, found);
            if (sites.statement) take_statement(context, *sites.statement);
            confirm(context, request, found);
            return act::PreparedAct{.intent = {.act = kShredAct,
                                               .request = act::record(request),
                                               .inputs = inputs_of(found, named)},
                                    .need = {.access = pkcs11::Access::kReadOnly},
                                    .perform = [=, list = found.loss.list_sha256](act::AtWork& at) {
                                      return performed(request, list, at);
                                    }};
          }};
}

}  // namespace keyrite::shredding
