#include "registry/deks.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"
#include "registry/keys.h"
#include "registry/versions.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::Value;
using internal::value_of;

constexpr std::string_view kCountDek = "SELECT count(*) FROM dek WHERE id = $1";

Dek dek_of(const Row& row) {
  Dek dek;
  dek.id = row.text(0);
  dek.tenant = row.text(1);
  dek.version = {row.text(2), row.number(3)};
  dek.kept = row.one_of<Kept>(4);
  dek.wrapped = row.bytes(5);
  dek.wrapped_sha256 = row.text(6);
  dek.mechanism = row.text(7);
  dek.parameters = row.bytes(8);
  dek.created = row.time(9);
  dek.expires = row.optional_time(10);
  dek.holder = row.optional_text(11);
  dek.batch = row.text(12);
  dek.revision = row.number(13);
  return dek;
}

Value wrapped_of(const Dek& dek) {
  if (dek.kept != Kept::kHere) return {};
  return dek.wrapped;
}

[[noreturn]] void refuse(std::string_view id, std::string_view code, std::string_view why,
                         std::string_view hint) {
  throw Error(Kind::kFailed, std::string(code), fmt::format("data key {}: {}", printable(id), why),
              std::string(hint));
}

void require_bytes(const Dek& dek) {
  internal::require_id(dek.id, "the id of a data key");
  internal::require_text(dek.mechanism, "the mechanism of a data key");
  internal::require_sha256(dek.wrapped_sha256, "the SHA-256 of a wrapped key");
  if (dek.kept != Kept::kHere || crypto::sha256_hex(dek.wrapped) == dek.wrapped_sha256) return;
  throw Error(
      Kind::kVerification, "dek-other-bytes",
      fmt::format("data key {}: its SHA-256 is not that of its wrapped bytes", printable(dek.id)),
      "the record is not to be used");
}

}  // namespace

// Asked in the transaction that writes the record: the version cannot change in between.
void Deks::require_wrappable(const Dek& dek) const {
  const auto version = Versions(sql_).find(dek.version);
  if (!version) internal::refuse_unknown(sql_, "version of key", dek.version.key);
  if (may(version->state, version->frozen_by.has_value(), Use::kWrap, WhenCompromised::kStop))
    return;
  refuse(dek.id, "version-not-active",
         fmt::format("version {} of key {} is {}", dek.version.number, printable(dek.version.key),
                     version->frozen_by ? "frozen" : word(version->state)),
         "only an active version wraps");
}

void Deks::add(const Dek& dek) { add(std::span(&dek, 1)); }

void Deks::add(std::span<const Dek> deks) {
  const Dek* before = nullptr;
  for (const auto& dek : deks) {
    require_bytes(dek);
    if (before == nullptr || before->version != dek.version) require_wrappable(dek);
    insert(dek);
    before = &dek;
  }
}

void Deks::insert(const Dek& dek) {
  sql_.run(
      "INSERT INTO dek (id, tenant_id, key_id, number, kept, wrapped, wrapped_sha256, mechanism, "
      "parameters, created_ms, expires_ms, holder, batch_id, revision) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
      {dek.id, dek.tenant, dek.version.key, dek.version.number, text_of(word(dek.kept)),
       wrapped_of(dek), dek.wrapped_sha256, dek.mechanism, dek.parameters, value_of(dek.created),
       value_of(dek.expires), value_of(dek.holder), dek.batch});
}

void Deks::rewrap(const Dek& dek) {
  require_bytes(dek);
  require_wrappable(dek);
  const auto now = find(dek.id);
  if (!now) internal::refuse_unknown(sql_, "data key", dek.id);
  if (now->kept == Kept::kGone)
    refuse(dek.id, "dek-gone", "it was shredded", "nothing brings it back");
  const auto key = Keys(sql_).find(dek.version.key);
  if (!key || key->tenant != now->tenant)
    refuse(dek.id, "dek-other-tenant", "the version is another tenant's",
           "a data key stays its tenant's");
  const auto changed = sql_.run(
      "UPDATE dek SET key_id = $1, number = $2, kept = $3, wrapped = $4, wrapped_sha256 = $5, "
      "mechanism = $6, parameters = $7, batch_id = $8, revision = revision + 1 "
      "WHERE id = $9 AND revision = $10",
      {dek.version.key, dek.version.number, text_of(word(dek.kept)), wrapped_of(dek),
       dek.wrapped_sha256, dek.mechanism, dek.parameters, dek.batch, dek.id, dek.revision});
  internal::require_swapped(sql_, changed, "data key", kCountDek, {dek.id});
}

void Deks::mark_gone(std::string_view id, std::int64_t revision, std::string_view batch) {
  const auto changed = sql_.run(
      "UPDATE dek SET kept = 'gone', wrapped = NULL, batch_id = $1, revision = revision + 1 "
      "WHERE id = $2 AND revision = $3",
      {text_of(batch), text_of(id), revision});
  internal::require_swapped(sql_, changed, "data key", kCountDek, {text_of(id)});
}

void Deks::erase(std::string_view id, std::int64_t revision) {
  const auto changed = sql_.run(
      "UPDATE dek SET kept = 'gone', wrapped = NULL, revision = revision + 1 "
      "WHERE id = $1 AND revision = $2",
      {text_of(id), revision});
  internal::require_swapped(sql_, changed, "data key", kCountDek, {text_of(id)});
}

void Deks::remove_expired(std::string_view id, std::int64_t revision, Time now) {
  const auto dek = find(id);
  if (!dek) internal::refuse_unknown(sql_, "data key", id);
  if (!dek->expires || *dek->expires > now)
    refuse(id, "dek-not-expired", "its time is not over",
           "only records whose time is over are removed");
  if (seals_credential(id))
    refuse(id, "dek-seals-credential", "a credential is sealed under it",
           "revoke or replace the credential first");
  const auto changed =
      sql_.run("DELETE FROM dek WHERE id = $1 AND revision = $2", {text_of(id), revision});
  internal::require_swapped(sql_, changed, "data key", kCountDek, {text_of(id)});
}

std::optional<Dek> Deks::find(std::string_view id) const {
  return sql_.one<Dek>(
      "SELECT id, tenant_id, key_id, number, kept, wrapped, wrapped_sha256, mechanism, parameters, "
      "created_ms, expires_ms, holder, batch_id, revision FROM dek WHERE id = $1",
      {text_of(id)}, dek_of);
}

bool Deks::seals_credential(std::string_view id) const {
  return sql_.one<std::int64_t>("SELECT count(*) FROM credential WHERE dek_id = $1", {text_of(id)},
                                [](const Row& row) { return row.number(0); }) != 0;
}

std::vector<Dek> Deks::page(const DekPage& page) const {
  return sql_.all<Dek>(
      "SELECT id, tenant_id, key_id, number, kept, wrapped, wrapped_sha256, mechanism, parameters, "
      "created_ms, expires_ms, holder, batch_id, revision FROM dek WHERE key_id = $1 AND "
      "number = $2 AND kept = $3 AND id > $4 ORDER BY id LIMIT $5",
      {page.version.key, page.version.number, text_of(word(page.kept)), page.after, page.limit},
      dek_of);
}

std::vector<Dek> Deks::expired_until(Time time, std::int64_t limit) const {
  return sql_.all<Dek>(
      "SELECT id, tenant_id, key_id, number, kept, wrapped, wrapped_sha256, mechanism, parameters, "
      "created_ms, expires_ms, holder, batch_id, revision FROM dek WHERE expires_ms IS NOT NULL "
      "AND expires_ms <= $1 ORDER BY expires_ms, id LIMIT $2",
      {value_of(time), limit}, dek_of);
}

std::vector<Dek> Deks::in_batch(std::string_view batch) const {
  return sql_.all<Dek>(
      "SELECT id, tenant_id, key_id, number, kept, wrapped, wrapped_sha256, mechanism, parameters, "
      "created_ms, expires_ms, holder, batch_id, revision FROM dek WHERE batch_id = $1 ORDER BY id",
      {text_of(batch)}, dek_of);
}

std::vector<DekCount> Deks::counts(std::string_view key) const {
  std::vector<DekCount> counts;
  sql_.each(
      "SELECT number, kept, count(*) FROM dek WHERE key_id = $1 GROUP BY number, kept "
      "ORDER BY number, kept",
      {text_of(key)}, [&](const Row& row) {
        const std::int64_t number = row.number(0);
        if (counts.empty() || counts.back().version.number != number)
          counts.push_back({.version = {std::string(key), number}});
        const Kept kept = row.one_of<Kept>(1);
        auto& into = kept == Kept::kHere     ? counts.back().here
                     : kept == Kept::kCaller ? counts.back().caller
                                             : counts.back().gone;
        into = row.number(2);
      });
  return counts;
}

// Of each version one entry of the index is read, however many data keys are under it.
std::vector<std::string> Deks::keys_with_left() const {
  return sql_.all<std::string>(
      "SELECT DISTINCT v.key_id FROM version v JOIN version a ON a.key_id = v.key_id AND "
      "a.state = 'active' WHERE v.state <> 'active' AND EXISTS (SELECT 1 FROM dek d WHERE "
      "d.key_id = v.key_id AND d.number = v.number AND d.kept = 'here') ORDER BY v.key_id",
      {}, [](const Row& row) { return row.text(0); });
}

bool Deks::has_left(std::string_view key) const {
  return sql_.one<std::int64_t>(
             "SELECT count(*) FROM version v JOIN version a ON a.key_id = v.key_id AND "
             "a.state = 'active' WHERE v.key_id = $1 AND v.state <> 'active' AND EXISTS "
             "(SELECT 1 FROM dek d WHERE d.key_id = v.key_id AND d.number = v.number AND "
             "d.kept = 'here')",
             {text_of(key)}, [](const Row& row) { return row.number(0); }) != 0;
}

std::vector<std::string> Deks::holders(const VersionId& version) const {
  return sql_.all<std::string>(
      "SELECT DISTINCT holder FROM dek WHERE key_id = $1 AND number = $2 AND holder IS NOT NULL "
      "ORDER BY holder",
      {version.key, version.number}, [](const Row& row) { return row.text(0); });
}

void Deks::count_unwraps(std::string_view tenant, std::int64_t hour, std::int64_t unwraps) {
  sql_.run(
      "INSERT INTO unwrap_count (tenant_id, hour, unwraps) VALUES ($1, $2, $3) "
      "ON CONFLICT (tenant_id, hour) DO UPDATE SET unwraps = unwrap_count.unwraps + $3",
      {text_of(tenant), hour, unwraps});
}

std::vector<UnwrapCount> Deks::unwraps_since(std::string_view tenant, std::int64_t hour) const {
  return sql_.all<UnwrapCount>(
      "SELECT hour, unwraps FROM unwrap_count WHERE tenant_id = $1 AND hour >= $2 ORDER BY hour",
      {text_of(tenant), hour}, [](const Row& row) {
        return UnwrapCount{row.number(0), row.number(1)};
      });
}

}  // namespace keyrite::registry
