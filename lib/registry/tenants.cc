#include "registry/tenants.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "registry/credentials.h"
#include "registry/internal/events.h"
#include "registry/internal/hold.h"
#include "registry/names.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountTenant = "SELECT count(*) FROM tenant WHERE id = $1";

Tenant tenant_of(const Row& row) {
  Tenant tenant;
  tenant.id = row.text(0);
  tenant.name = row.optional_text(1);
  tenant.owner = row.optional_text(2);
  tenant.contact = row.optional_text(3);
  tenant.created = row.time(4);
  tenant.state = row.one_of<TenantState>(5);
  tenant.batch = row.text(6);
  tenant.revision = row.number(7);
  return tenant;
}

void require_optional(const std::optional<std::string>& text, std::string_view what) {
  if (text) internal::require_text(*text, what);
}

void require_all_destroyed(internal::Sql& sql, std::string_view tenant) {
  const auto left = sql.number(
      "SELECT count(*) FROM version v JOIN tenant_key k ON k.id = v.key_id "
      "WHERE k.tenant_id = $1 AND v.state <> 'destroyed'",
      {text_of(tenant)});
  if (left == 0) return;
  throw Error(Kind::kFailed, "key-not-destroyed",
              fmt::format("tenant {} has {} versions of keys that are not destroyed",
                          printable(tenant), left),
              "shred the tenant's keys first: nobody would know whose they are");
}

}  // namespace

Tenant Tenants::add(std::string_view name, std::string_view fresh,
                    const std::optional<std::string>& owner,
                    const std::optional<std::string>& contact, Time created,
                    std::string_view batch) {
  internal::require_text(name, "the name of a tenant");
  internal::require_id(fresh, "a pseudonym");
  require_optional(owner, "the owner of a tenant");
  require_optional(contact, "the contact of a tenant");
  const std::string id = Names(sql_).pseudonym_of(name, fresh);
  sql_.run(
      "INSERT INTO tenant (id, owner, contact, created_ms, kind, number, state, batch_id, "
      "revision) VALUES ($1, $2, $3, $4, 'tenant', 0, 'none', $5, 1)",
      {id, value_of(owner), value_of(contact), value_of(created), text_of(batch)});
  auto made = find(id);
  if (!made) internal::refuse_unknown(sql_, "tenant", id);
  return *made;
}

void Tenants::change(const Tenant& tenant) {
  require_optional(tenant.owner, "the owner of a tenant");
  require_optional(tenant.contact, "the contact of a tenant");
  const auto changed = sql_.run(
      "UPDATE tenant SET owner = $1, contact = $2, revision = revision + 1 "
      "WHERE id = $3 AND revision = $4 AND state <> 'forgotten'",
      {value_of(tenant.owner), value_of(tenant.contact), tenant.id, tenant.revision});
  internal::require_swapped(sql_, changed, "tenant", kCountTenant, {tenant.id});
}

void Tenants::move(std::string_view id, TenantState to, std::int64_t revision, const Mark& mark) {
  const auto now = find(id);
  if (!now) internal::refuse_unknown(sql_, "tenant", id);
  if (id == kNoTenant) {
    throw Error(Kind::kFailed, "transition-illegal",
                "what belongs to no tenant is always active: it has no tenant that could be moved");
  }
  internal::require_revision(sql_, now->revision, revision, "tenant", id);
  if (to == TenantState::kForgotten) {
    internal::require_no_hold(sql_, id, "forget");
    require_all_destroyed(sql_, id);
  }
  const auto seq = internal::append_event(sql_, {Subject::kTenant, std::string(id), 0},
                                          word(now->state), word(to), mark);
  if (to == TenantState::kForgotten) forget(id);
  if (to == TenantState::kOffboarding) Credentials(sql_).revoke_all(id, mark.at);
  const auto changed = sql_.run(
      "UPDATE tenant SET state = $1, state_seq = $2, revision = revision + 1 "
      "WHERE id = $3 AND revision = $4",
      {text_of(word(to)), seq, text_of(id), revision});
  internal::require_swapped(sql_, changed, "tenant", kCountTenant, {text_of(id)});
}

std::optional<Tenant> Tenants::find(std::string_view id) const {
  return sql_.one<Tenant>(
      "SELECT t.id, p.name, t.owner, t.contact, t.created_ms, t.state, t.batch_id, t.revision "
      "FROM tenant t LEFT JOIN pseudonym p ON p.pseudonym = t.id WHERE t.id = $1",
      {text_of(id)}, tenant_of);
}

std::optional<Tenant> Tenants::named(std::string_view name) const {
  const auto id = Names(sql_).known_pseudonym(name);
  return id ? find(*id) : std::nullopt;
}

std::vector<Tenant> Tenants::list() const {
  return sql_.all<Tenant>(
      "SELECT t.id, p.name, t.owner, t.contact, t.created_ms, t.state, t.batch_id, t.revision "
      "FROM tenant t LEFT JOIN pseudonym p ON p.pseudonym = t.id WHERE t.id <> $1 ORDER BY t.id",
      {text_of(kNoTenant)}, tenant_of);
}

std::vector<StateEvent> Tenants::events(std::string_view id) const {
  return internal::events_of(sql_, {Subject::kTenant, std::string(id), 0});
}

}  // namespace keyrite::registry
