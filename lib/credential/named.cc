#include "credential/named.h"

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::credential {

namespace {

std::optional<registry::Credential> revoked_last(const registry::Stores& stores,
                                                 const registry::Tenant& tenant, const Name& name) {
  std::optional<registry::Credential> last;
  for (auto& one : stores.credentials.of(tenant.id)) {
    const bool meant = one.service == name.service && one.environment == name.environment;
    if (meant && (!last || last->revoked < one.revoked)) last = std::move(one);
  }
  return last;
}

}  // namespace

std::string Name::text() const {
  return fmt::format("{}/{}", printable(service), printable(environment));
}

void require_form(const Name& name) {
  act::require_name(name.service, "the service of a credential");
  act::require_name(name.environment, "the environment of a credential");
}

NamedCredential any_credential(const registry::Stores& stores, const Name& name) {
  auto tenant = act::tenant_named(stores.tenants, name.tenant);
  auto row = stores.credentials.of_service(tenant.id, name.service, name.environment);
  if (!row) row = revoked_last(stores, tenant, name);
  if (!row) {
    throw Error(
        Kind::kUsage, "credential-unknown",
        fmt::format("the tenant \"{}\" has no credential {}", printable(name.tenant), name.text()),
        "keyrite credential list shows those that it has");
  }
  auto dek = stores.deks.find(row->dek);
  if (!dek) {
    throw Error(Kind::kVerification, "credential-without-dek",
                fmt::format("the registry has no row of the data key of {}", name.text()),
                "the registry was changed by hand: find out by whom");
  }
  return {std::move(tenant), *std::move(row), *std::move(dek)};
}

registry::DecisionInLog decisions_when_asked(const act::Context& context) {
  return [site = act::required_site(context)](const registry::DecisionId& id,
                                              const registry::LogEntry& newest) {
    return act::decisions_of(site)(id, newest);
  };
}

NamedCredential credential_named(const registry::Stores& stores, const Name& name) {
  auto found = any_credential(stores, name);
  if (!found.row.revoked) return found;
  throw Error(Kind::kFailed, "credential-revoked",
              fmt::format("the credential {} was revoked at {}", name.text(),
                          format_rfc3339(*found.row.revoked)),
              "seal a new one for the service");
}

}  // namespace keyrite::credential
