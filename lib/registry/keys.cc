#include "registry/keys.h"

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountKey = "SELECT count(*) FROM tenant_key WHERE id = $1";

std::string name_sha256(std::string_view name) { return crypto::sha256_hex(as_bytes(name)); }

Key key_of(const Row& row) {
  Key key;
  key.id = row.text(0);
  key.tenant = row.text(1);
  key.name = row.optional_text(2);
  key.type = row.text(3);
  key.usage = row.one_of<Usage>(4);
  key.owner = row.optional_text(5);
  key.due = row.optional_time(6);
  key.batch = row.text(7);
  key.revision = row.number(8);
  return key;
}

SignOff sign_off_of(const Row& row) {
  return {row.text(0), row.text(1), {row.time(2), row.text(3), {row.count(4), row.text(5)}}};
}

void require_names(const Key& key) {
  if (!key.name)
    throw Error(Kind::kUsage, "registry-value", "a key has a name until its tenant is forgotten",
                "give the key a name");
  internal::require_text(*key.name, "the name of a key");
  if (key.owner) internal::require_text(*key.owner, "the owner of a key");
}

}  // namespace

void Keys::add(const Key& key) {
  internal::require_id(key.id, "the id of a key");
  internal::require_text(key.type, "the type of a key");
  require_names(key);
  sql_.run(
      "INSERT INTO tenant_key (id, tenant_id, name, name_sha256, type, usage, owner, batch_id, "
      "revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
      {key.id, key.tenant, *key.name, name_sha256(*key.name), key.type, text_of(word(key.usage)),
       value_of(key.owner), key.batch});
}

void Keys::change(const Key& key) {
  require_names(key);
  const auto changed = sql_.run(
      "UPDATE tenant_key SET name = $1, name_sha256 = $2, owner = $3, revision = revision + 1 "
      "WHERE id = $4 AND revision = $5",
      {*key.name, name_sha256(*key.name), value_of(key.owner), key.id, key.revision});
  internal::require_swapped(sql_, changed, "key", kCountKey, {key.id});
}

void Keys::adopt(const Key& key) {
  require_names(key);
  const auto now = find(key.id);
  if (!now) internal::refuse_unknown(sql_, "key", key.id);
  if (now->tenant != kNoTenant) {
    throw Error(Kind::kFailed, "key-of-tenant",
                "the key " + key.id + " belongs to a tenant, and no other one gets it",
                "keyrite inventory list shows whose it is");
  }
  const auto changed = sql_.run(
      "UPDATE tenant_key SET tenant_id = $1, name = $2, name_sha256 = $3, owner = $4, "
      "revision = revision + 1 WHERE id = $5 AND revision = $6",
      {key.tenant, *key.name, name_sha256(*key.name), value_of(key.owner), key.id, key.revision});
  internal::require_swapped(sql_, changed, "key", kCountKey, {key.id});
}

void Keys::set_due(std::string_view key, std::optional<Time> due) {
  const auto changed =
      sql_.run("UPDATE tenant_key SET due_ms = $1, revision = revision + 1 WHERE id = $2",
               {value_of(due), text_of(key)});
  internal::require_swapped(sql_, changed, "key", kCountKey, {text_of(key)});
}

void Keys::sign_off(const SignOff& sign_off) {
  internal::require_sha256(sign_off.report_sha256, "the report");
  internal::require_sha256(sign_off.mark.entry.leaf, "the leaf of the log entry");
  internal::require_text(sign_off.mark.actor, "the actor");
  sql_.name(sign_off.mark.entry);
  sql_.run(
      "INSERT INTO sign_off (key_id, at_ms, actor, report_sha256, log_seq, log_leaf) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {sign_off.key, value_of(sign_off.mark.at), sign_off.mark.actor, sign_off.report_sha256,
       value_of(sign_off.mark.entry.seq), sign_off.mark.entry.leaf});
}

std::optional<Key> Keys::find(std::string_view id) const {
  return sql_.one<Key>(
      "SELECT id, tenant_id, name, type, usage, owner, due_ms, batch_id, revision "
      "FROM tenant_key WHERE id = $1",
      {text_of(id)}, key_of);
}

std::optional<Key> Keys::named(std::string_view tenant, std::string_view name) const {
  return sql_.one<Key>(
      "SELECT id, tenant_id, name, type, usage, owner, due_ms, batch_id, revision "
      "FROM tenant_key WHERE tenant_id = $1 AND name_sha256 = $2",
      {text_of(tenant), name_sha256(name)}, key_of);
}

std::vector<Key> Keys::of(std::string_view tenant) const {
  return sql_.all<Key>(
      "SELECT id, tenant_id, name, type, usage, owner, due_ms, batch_id, revision "
      "FROM tenant_key WHERE tenant_id = $1 ORDER BY id",
      {text_of(tenant)}, key_of);
}

std::vector<Key> Keys::list() const {
  return sql_.all<Key>(
      "SELECT id, tenant_id, name, type, usage, owner, due_ms, batch_id, revision "
      "FROM tenant_key ORDER BY tenant_id, id",
      {}, key_of);
}

std::vector<Key> Keys::due_until(Time time, std::int64_t limit) const {
  return sql_.all<Key>(
      "SELECT id, tenant_id, name, type, usage, owner, due_ms, batch_id, revision FROM tenant_key "
      "WHERE due_ms IS NOT NULL AND due_ms <= $1 ORDER BY due_ms, id LIMIT $2",
      {value_of(time), limit}, key_of);
}

std::vector<Key> Keys::ownerless() const {
  return sql_.all<Key>(
      "SELECT k.id, k.tenant_id, k.name, k.type, k.usage, k.owner, k.due_ms, k.batch_id, "
      "k.revision FROM tenant_key k JOIN tenant t ON t.id = k.tenant_id "
      "WHERE k.owner IS NULL AND t.owner IS NULL ORDER BY k.tenant_id, k.id",
      {}, key_of);
}

std::optional<SignOff> Keys::last_sign_off(std::string_view key) const {
  return sql_.one<SignOff>(
      "SELECT key_id, report_sha256, at_ms, actor, log_seq, log_leaf FROM sign_off "
      "WHERE key_id = $1 ORDER BY at_ms DESC LIMIT 1",
      {text_of(key)}, sign_off_of);
}

}  // namespace keyrite::registry
