#include "credential/revoke.h"

#include <memory>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/text.h"
#include "credential/named.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::credential {

namespace {

// The state follows from the entry (act/registry_changes.h): resume does it again where a registry
// was restored from before.
act::Outcome revoked(const RevokeRequest& request, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  const Name name = name_of(request);
  const auto written = std::make_shared<Json>();
  act::Outcome outcome{.facts = reason.log_facts()};
  outcome.registry = act::rows_of(
      kRevokeAct, {{"service", name.service}, {"environment", name.environment}}, 1,
      [=](registry::Stores& stores, const std::string& /*batch*/) {
        const auto found = credential_named(stores, name);
        const bool held = stores.decisions.hold_on(found.tenant.id).has_value();
        *written = {{"id", found.row.id},
                    {"tenant", name.tenant},
                    {"service", name.service},
                    {"environment", name.environment},
                    {"erased", !held}};
        return act::changes({act::became(found.row.id, act::CredentialBecame::kRevoked)});
      });
  outcome.when_logged = [=](act::Outcome& done, std::optional<std::uint64_t> entry) {
    done.document = *written;
    done.document["entry"] = entry ? Json(*entry) : Json();
    done.text = {fmt::format(
        "the credential {} is revoked{}: revoke it at the service too", name.text(),
        written->at("erased") == true ? ", and its data key is erased"
                                      : "; the tenant is on legal hold, so its data key stays")};
  };
  return outcome;
}

}  // namespace

act::Act revoke_credential(const RevokeRequest& request) {
  return {
      approval::operation_named(kRevokeAct), [=](const act::Context& context) {
        require_form(name_of(request));
        {
          const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
          (void)credential_named(*registry.read().operator->(), name_of(request));
        }
        auto fields = act::record(request);
        std::erase_if(fields, [](const auto& field) { return field.name == "reason"; });
        return act::PreparedAct{.intent = {.act = kRevokeAct, .request = std::move(fields)},
                                .perform = [=](act::AtWork& at) { return revoked(request, at); }};
      }};
}

}  // namespace keyrite::credential
