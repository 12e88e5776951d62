// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "credential/change.h"

#include <memory>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/text.h"
#include "credential/named.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::credential {

namespace {

act::Outcome changed(const ChangeRequest& request) {
  const Name name = name_of(request);
  const auto written = std::make_shared<Json>();
  act::Outcome outcome;
  outcome.registry = act::rows_of(
      kChangeAct,
      {{"service", name.service}, {"environment", name.environment}, {"owner", request.owner}}, 1,
      [=](registry::Stores& stores, const std::string& /*batch*/) {
        const auto found = credential_named(stores, name);
        stores.credentials.give_owner(found.row.id, request.owner, found.row.revision);
        *written = {{"id", found.row.id},
                    {"tenant", name.tenant},
                    {"service", name.service},
                    {"environment", name.environment},
                    {"owner", request.owner}};
        return act::LogFacts{{"credential", act::Fact::id(found.row.id)}};
      });
  outcome.when_logged = [=](act::Outcome& done, std::optional<std::uint64_t> entry) {
    done.document = *written;
    done.document["entry"] = entry ? Json(*entry) : Json();
    done.text = {
        fmt::format("{} answers for the credential {}", printable(request.owner), name.text())};
  };
  return outcome;
}

}  // namespace

act::Act change_credential(const ChangeRequest& request) {
  return {
      approval::operation_named(kChangeAct), [=](const act::Context& context) {
        require_form(name_of(request));
        act::require_name(request.owner, "the owner of a credential");
        {
          const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
          (void)credential_named(*registry.read().operator->(), name_of(request));
        }
        return act::PreparedAct{.intent = {.act = kChangeAct, .request = act::record(request)},
                                .perform = [=](act::AtWork& /*at*/) { return changed(request); }};
      }};
}

}  // namespace keyrite::credential
