#include "registry/credentials.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "registry/decisions.h"
#include "registry/deks.h"
#include "registry/internal/events.h"
#include "registry/internal/hold.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountCredential = "SELECT count(*) FROM credential WHERE id = $1";

Credential credential_of(const Row& row) {
  Credential made;
  made.id = row.text(0);
  made.tenant = row.text(1);
  made.dek = row.text(2);
  made.owner = row.optional_text(3);
  made.service = row.text(4);
  made.environment = row.text(5);
  made.scope = row.text(6);
  made.iv = row.bytes(7);
  made.sealed = row.bytes(8);
  made.expires = row.optional_time(9);
  made.due = row.optional_time(10);
  made.opened = row.optional_time(11);
  made.revoked = row.optional_time(12);
  made.batch = row.text(13);
  made.revision = row.number(14);
  return made;
}

void require_not_revoked(const Credential& credential) {
  if (!credential.revoked) return;
  throw Error(Kind::kFailed, "credential-revoked",
              fmt::format("credential {} is revoked", printable(credential.id)),
              "seal a new one for the service");
}

Credential known(internal::Sql& sql, std::string_view id, std::int64_t revision) {
  auto now = Credentials(sql).find(id);
  if (!now) internal::refuse_unknown(sql, "credential", id);
  require_not_revoked(*now);
  internal::require_revision(sql, now->revision, revision, "credential", id);
  return *now;
}

// Nor is it ever opened under another tenant's key, even where the bytes would allow it.
void require_own_dek(internal::Sql& sql, const Credential& credential) {
  const auto dek = Deks(sql).find(credential.dek);
  if (!dek) internal::refuse_unknown(sql, "data key", credential.dek);
  if (dek->tenant == credential.tenant) return;
  throw Error(Kind::kFailed, "dek-other-tenant",
              fmt::format("data key {} is another tenant's than credential {}",
                          printable(credential.dek), printable(credential.id)),
              "a credential is sealed under a key of its tenant");
}

// What was sealed under it opens never again, whatever becomes of its row.
void erase_dek(internal::Sql& sql, std::string_view id) {
  const auto dek = Deks(sql).find(id);
  if (dek && dek->kept != Kept::kGone) Deks(sql).mark_gone(id, dek->revision, dek->batch);
}

}  // namespace

void Credentials::add(const Credential& credential) {
  internal::require_id(credential.id, "the id of a credential");
  internal::require_text(credential.service, "the service of a credential");
  internal::require_text(credential.environment, "the environment of a credential");
  if (credential.owner) internal::require_text(*credential.owner, "the owner of a credential");
  require_own_dek(sql_, credential);
  sql_.run(
      "INSERT INTO credential (id, tenant_id, dek_id, owner, service, environment, scope, iv, "
      "sealed, expires_ms, due_ms, batch_id, revision) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
      {credential.id, credential.tenant, credential.dek, value_of(credential.owner),
       credential.service, credential.environment, credential.scope, credential.iv,
       credential.sealed, value_of(credential.expires), value_of(credential.due),
       credential.batch});
}

void Credentials::reseal(const Credential& credential) {
  if (credential.owner) internal::require_text(*credential.owner, "the owner of a credential");
  Credential resealed = known(sql_, credential.id, credential.revision);
  internal::require_no_hold(sql_, resealed.tenant, "replace");
  const std::string earlier = std::exchange(resealed.dek, credential.dek);
  require_own_dek(sql_, resealed);
  const auto changed = sql_.run(
      "UPDATE credential SET dek_id = $1, iv = $2, sealed = $3, owner = $4, scope = $5, "
      "expires_ms = $6, due_ms = $7, batch_id = $8, revision = revision + 1 "
      "WHERE id = $9 AND revision = $10",
      {credential.dek, credential.iv, credential.sealed, value_of(credential.owner),
       credential.scope, value_of(credential.expires), value_of(credential.due), credential.batch,
       credential.id, credential.revision});
  internal::require_swapped(sql_, changed, "credential", kCountCredential, {credential.id});
  erase_dek(sql_, earlier);
}

void Credentials::give_owner(std::string_view id, const std::string& owner, std::int64_t revision) {
  internal::require_text(owner, "the owner of a credential");
  (void)known(sql_, id, revision);
  const auto changed = sql_.run(
      "UPDATE credential SET owner = $1, revision = revision + 1 WHERE id = $2 AND revision = $3",
      {owner, text_of(id), revision});
  internal::require_swapped(sql_, changed, "credential", kCountCredential, {text_of(id)});
}

void Credentials::mark_opened(std::string_view id, Time time) {
  const auto changed = sql_.run(
      "UPDATE credential SET opened_ms = CASE WHEN opened_ms IS NULL OR opened_ms < $1 THEN $1 "
      "ELSE opened_ms END WHERE id = $2",
      {value_of(time), text_of(id)});
  internal::require_swapped(sql_, changed, "credential", kCountCredential, {text_of(id)});
}

void Credentials::revoke(std::string_view id, Time time, std::int64_t revision) {
  const Credential now = known(sql_, id, revision);
  const auto changed = sql_.run(
      "UPDATE credential SET revoked_ms = $1, revision = revision + 1 "
      "WHERE id = $2 AND revision = $3",
      {value_of(time), text_of(id), revision});
  internal::require_swapped(sql_, changed, "credential", kCountCredential, {text_of(id)});
  if (!Decisions(sql_).hold_on(now.tenant)) erase_dek(sql_, now.dek);
}

void Credentials::revoke_all(std::string_view tenant, Time time) {
  for (const auto& one : of(tenant)) {
    if (!one.revoked) revoke(one.id, time, one.revision);
  }
}

std::optional<Credential> Credentials::find(std::string_view id) const {
  return sql_.one<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE id = $1",
      {text_of(id)}, credential_of);
}

std::optional<Credential> Credentials::of_service(std::string_view tenant, std::string_view service,
                                                  std::string_view environment) const {
  return sql_.one<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE tenant_id = $1 AND "
      "service = $2 AND environment = $3 AND revoked_ms IS NULL",
      {text_of(tenant), text_of(service), text_of(environment)}, credential_of);
}

std::optional<Credential> Credentials::of_dek(std::string_view dek) const {
  return sql_.one<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE dek_id = $1",
      {text_of(dek)}, credential_of);
}

std::vector<Credential> Credentials::of(std::string_view tenant) const {
  return sql_.all<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE tenant_id = $1 "
      "ORDER BY service, environment, id",
      {text_of(tenant)}, credential_of);
}

std::int64_t Credentials::count_under(const VersionId& version) const {
  return sql_.number(
      "SELECT count(*) FROM credential c JOIN dek d ON d.id = c.dek_id WHERE c.revoked_ms IS NULL "
      "AND d.key_id = $1 AND d.number = $2 AND d.kept <> 'gone'",
      {version.key, version.number});
}

std::vector<Credential> Credentials::due_until(Time time, std::int64_t limit) const {
  return sql_.all<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE revoked_ms IS NULL "
      "AND due_ms IS NOT NULL AND due_ms <= $1 ORDER BY due_ms, id LIMIT $2",
      {value_of(time), limit}, credential_of);
}

std::vector<Credential> Credentials::expired_until(Time time, std::int64_t limit) const {
  return sql_.all<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE revoked_ms IS NULL "
      "AND expires_ms IS NOT NULL AND expires_ms <= $1 ORDER BY expires_ms, id LIMIT $2",
      {value_of(time), limit}, credential_of);
}

std::vector<Credential> Credentials::ownerless(std::int64_t limit) const {
  return sql_.all<Credential>(
      "SELECT id, tenant_id, dek_id, owner, service, environment, scope, iv, sealed, expires_ms, "
      "due_ms, opened_ms, revoked_ms, batch_id, revision FROM credential WHERE revoked_ms IS NULL "
      "AND owner IS NULL ORDER BY id LIMIT $1",
      {limit}, credential_of);
}

}  // namespace keyrite::registry
