#include "credential/views.h"

#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/clock.h"
#include "base/text.h"
#include "credential/named.h"
#include "credential/record.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::credential {

namespace {

using registry::Credential;
using registry::Time;

// "revoked", "expired", "overdue" (a new secret is due), "good".
std::string_view standing(const Credential& row, Time now) {
  if (row.revoked) return "revoked";
  if (row.expires && *row.expires <= now) return "expired";
  return row.due && *row.due <= now ? "overdue" : "good";
}

Json credential_json(const Credential& row, Time now) {
  return {{"id", row.id},
          {"service", row.service},
          {"environment", row.environment},
          {"scope", row.scope},
          {"owner", row.owner ? Json(*row.owner) : Json()},
          {"standing", standing(row, now)},
          {"dek", row.dek},
          {"expires", time_json(row.expires)},
          {"rotate_by", time_json(row.due)},
          {"opened", time_json(row.opened)},
          {"revoked", time_json(row.revoked)}};
}

std::string or_never(const std::optional<Time>& time) {
  return time ? format_rfc3339(*time) : std::string("never");
}

// The day is enough, so that a line fits.
std::string day_or_never(const std::optional<Time>& time) {
  constexpr std::size_t kDay = 10;
  return time ? format_rfc3339(*time).substr(0, kDay) : std::string("never");
}

}  // namespace

CredentialView show_credential(const ShowCredentialRequest& request, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto found = any_credential(*view.operator->(), name_of(request));
  const auto& row = found.row;
  const auto now = act::time_of(context);
  const auto key = view->keys.find(found.dek.version.key);
  Json document = credential_json(row, now);
  document["tenant"] = request.tenant;
  document["key"] = key ? key->name.value_or(key->id) : found.dek.version.key;
  document["version"] = found.dek.version.number;
  // What was erased has none.
  if (found.dek.kept == registry::Kept::kHere) document["record"] = record_of(row, found.dek);
  std::vector<std::vector<std::string>> rows{
      {"credential", row.id},
      {"tenant", printable(request.tenant)},
      {"service", printable(row.service)},
      {"environment", printable(row.environment)},
      {"scope", row.scope.empty() ? "-" : printable(row.scope)},
      {"owner", row.owner ? printable(*row.owner) : "-"},
      {"is", std::string(standing(row, now))},
      {"sealed under", key ? act::version_text(*key, found.dek.version) : row.dek},
      {"sealed", format_rfc3339(found.dek.created)},
      {"expires", or_never(row.expires)},
      {"rotate by", or_never(row.due)},
      {"last opened", or_never(row.opened)},
      {"revoked", or_never(row.revoked)}};
  return {std::move(document), {format_table(rows)}};
}

CredentialView list_credentials(const ListCredentialsRequest& request,
                                const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto tenant = act::tenant_named(view->tenants, request.tenant);
  const auto now = act::time_of(context);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"service/environment", "is", "expires", "rotate by", "opened"}};
  for (const auto& row : view->credentials.of(tenant.id)) {
    if (row.revoked && !request.revoked) continue;
    list.push_back(credential_json(row, now));
    rows.push_back({Name{request.tenant, row.service, row.environment}.text(),
                    std::string(standing(row, now)), day_or_never(row.expires),
                    day_or_never(row.due), day_or_never(row.opened)});
  }
  const bool none = list.empty();
  Json document{{"tenant", request.tenant}, {"credentials", std::move(list)}};
  return {std::move(document), {none ? "the tenant has no credentials" : format_table(rows)}};
}

}  // namespace keyrite::credential
