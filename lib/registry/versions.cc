#include "registry/versions.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/decisions.h"
#include "registry/internal/events.h"
#include "registry/internal/hold.h"
#include "registry/internal/sql.h"
#include "registry/keys.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::SubjectId;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountVersion =
    "SELECT count(*) FROM version WHERE key_id = $1 AND number = $2";

Version version_of(const Row& row) {
  Version version;
  version.id = {row.text(0), row.number(1)};
  version.state = row.one_of<VersionState>(2);
  version.cka_id = from_hex(row.text(3));
  version.public_key_sha256 = row.optional_text(4);
  version.origin = parse_key_origin(row.text(5));
  if (!row.is_null(6)) version.frozen_by = row.count(6);
  version.revision = row.number(7);
  return version;
}

CheckValue check_value_of(const Row& row) { return {row.text(0), row.text(1)}; }

Canary canary_of(const Row& row) {
  return {.version = {row.text(0), row.number(1)},
          .mechanism = row.text(2),
          .parameters = row.bytes(3),
          .content = row.bytes(4),
          .answer_sha256 = row.text(5),
          .created = row.time(6),
          .batch = row.text(7)};
}

SubjectId subject_of(const VersionId& id) { return {Subject::kVersion, id.key, id.number}; }

[[noreturn]] void refuse(const VersionId& id, std::string_view code, std::string_view why,
                         std::string_view hint) {
  throw Error(Kind::kFailed, std::string(code),
              fmt::format("version {} of key {} {}", id.number, printable(id.key), why),
              std::string(hint));
}

}  // namespace

VersionId Versions::add(const Version& version, const Mark& mark) {
  if (!Keys(sql_).find(version.id.key)) internal::refuse_unknown(sql_, "key", version.id.key);
  if (const auto other = waiting(version.id.key))
    refuse(other->id, "version-not-alone", "waits for its activation",
           "activate it or destroy it, then make the next");
  VersionId id{version.id.key,
               sql_.number("SELECT coalesce(max(number), 0) FROM version WHERE key_id = $1",
                           {version.id.key}) +
                   1};
  const auto seq = internal::append_event(sql_, subject_of(id), word(VersionState::kNone),
                                          word(VersionState::kPreActivation), mark);
  sql_.run(
      "INSERT INTO version (key_id, number, kind, state, state_seq, cka_id, public_key_sha256, "
      "origin, revision) VALUES ($1, $2, 'version', 'pre-activation', $3, $4, $5, $6, 1)",
      {id.key, id.number, seq, to_hex(version.cka_id), value_of(version.public_key_sha256),
       text_of(key_origin_name(version.origin))});
  return id;
}

Version Versions::known(const VersionId& id, std::int64_t revision) const {
  auto now = find(id);
  if (!now) internal::refuse_unknown(sql_, "version of key", id.key);
  internal::require_revision(sql_, now->revision, revision, "version of key", id.key);
  return *now;
}

void Versions::require_may_go(const Version& now, VersionState to) {
  if (to == VersionState::kActive) {
    if (const auto other = active(now.id.key))
      refuse(other->id, "version-not-alone", "is active", "a key has one active version");
  }
  if (to != VersionState::kDestroyed) return;
  const auto key = Keys(sql_).find(now.id.key);
  if (!key) internal::refuse_unknown(sql_, "key", now.id.key);
  internal::require_no_hold(sql_, key->tenant, "destroy");
  const auto left = sql_.number(
      "SELECT count(*) FROM dek WHERE key_id = $1 AND number = $2 AND kept IN ('here', 'caller')",
      {now.id.key, now.id.number});
  if (left != 0)
    refuse(now.id, "deks-left", fmt::format("has {} wrapped keys under it", left),
           "move them to another version (dek rewrap), or shred them by name");
  const auto on_tokens = sql_.number(
      "SELECT count(*) FROM key_copy WHERE key_id = $1 AND version_number = $2 AND form = 'token' "
      "AND state <> 'destroyed'",
      {now.id.key, now.id.number});
  if (on_tokens != 0)
    refuse(now.id, "copies-left", fmt::format("has {} copies on tokens", on_tokens),
           "a version is destroyed when a fresh process has found none of them");
}

void Versions::move(const VersionId& id, VersionState to, std::int64_t revision, const Mark& mark) {
  const Version now = known(id, revision);
  if (is_legal(Subject::kVersion, word(now.state), word(to))) require_may_go(now, to);
  const auto seq = internal::append_event(sql_, subject_of(id), word(now.state), word(to), mark);
  const auto changed = sql_.run(
      "UPDATE version SET state = $1, state_seq = $2, revision = revision + 1 "
      "WHERE key_id = $3 AND number = $4 AND revision = $5",
      {text_of(word(to)), seq, id.key, id.number, revision});
  internal::require_swapped(sql_, changed, "version of key", kCountVersion, {id.key, id.number});
  if (to == VersionState::kActive) {
    const std::chrono::hours period =
        std::chrono::days(Decisions(sql_).unchecked_key_policy(id.key).period_days);
    // Back from suspension, the cryptoperiod runs from the first activation on.
    Time since = mark.at;
    for (const auto& event : events(id)) {
      if (event.to == word(VersionState::kActive)) {
        since = event.mark.at;
        break;
      }
    }
    Keys(sql_).set_due(id.key, since + period);
  } else if (now.state == VersionState::kActive) {
    Keys(sql_).set_due(id.key, std::nullopt);
  }
}

void Versions::freeze(const VersionId& id, std::int64_t revision, const LogEntry& entry) {
  if (known(id, revision).frozen_by)
    refuse(id, "version-frozen", "is frozen already", "inventory show says by which entry");
  sql_.name(entry);
  const auto changed = sql_.run(
      "UPDATE version SET frozen_by = $1, revision = revision + 1 "
      "WHERE key_id = $2 AND number = $3 AND revision = $4",
      {value_of(entry.seq), id.key, id.number, revision});
  internal::require_swapped(sql_, changed, "version of key", kCountVersion, {id.key, id.number});
}

void Versions::thaw(const VersionId& id, std::int64_t revision, const LogEntry& entry) {
  if (!known(id, revision).frozen_by)
    refuse(id, "version-not-frozen", "is not frozen", "nothing is to be done");
  sql_.name(entry);
  const auto changed = sql_.run(
      "UPDATE version SET frozen_by = NULL, revision = revision + 1 "
      "WHERE key_id = $1 AND number = $2 AND revision = $3",
      {id.key, id.number, revision});
  internal::require_swapped(sql_, changed, "version of key", kCountVersion, {id.key, id.number});
}

void Versions::add_check_value(const VersionId& id, const CheckValue& value) {
  internal::require_text(value.algorithm, "the algorithm of a check value");
  internal::require_text(value.value, "a check value");
  sql_.run("INSERT INTO check_value (key_id, number, algorithm, value) VALUES ($1, $2, $3, $4)",
           {id.key, id.number, value.algorithm, value.value});
}

void Versions::add_canary(const Canary& canary) {
  internal::require_text(canary.mechanism, "the mechanism of a canary");
  internal::require_sha256(canary.answer_sha256, "the answer to a canary");
  sql_.run(
      "INSERT INTO canary (key_id, number, mechanism, parameters, content, answer_sha256, "
      "created_ms, batch_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {canary.version.key, canary.version.number, canary.mechanism, canary.parameters,
       canary.content, canary.answer_sha256, value_of(canary.created), canary.batch});
}

std::optional<Version> Versions::find(const VersionId& id) const {
  return sql_.one<Version>(
      "SELECT key_id, number, state, cka_id, public_key_sha256, origin, frozen_by, revision "
      "FROM version WHERE key_id = $1 AND number = $2",
      {id.key, id.number}, version_of);
}

std::vector<Version> Versions::of(std::string_view key) const {
  return sql_.all<Version>(
      "SELECT key_id, number, state, cka_id, public_key_sha256, origin, frozen_by, revision "
      "FROM version WHERE key_id = $1 ORDER BY number",
      {text_of(key)}, version_of);
}

std::optional<Version> Versions::active(std::string_view key) const {
  return sql_.one<Version>(
      "SELECT key_id, number, state, cka_id, public_key_sha256, origin, frozen_by, revision "
      "FROM version WHERE key_id = $1 AND state = 'active'",
      {text_of(key)}, version_of);
}

std::optional<Version> Versions::waiting(std::string_view key) const {
  return sql_.one<Version>(
      "SELECT key_id, number, state, cka_id, public_key_sha256, origin, frozen_by, revision "
      "FROM version WHERE key_id = $1 AND state = 'pre-activation'",
      {text_of(key)}, version_of);
}

std::vector<Version> Versions::with_cka_id(ByteView cka_id) const {
  return sql_.all<Version>(
      "SELECT key_id, number, state, cka_id, public_key_sha256, origin, frozen_by, revision "
      "FROM version WHERE cka_id = $1 ORDER BY key_id, number",
      {to_hex(cka_id)}, version_of);
}

std::vector<CheckValue> Versions::check_values(const VersionId& id) const {
  return sql_.all<CheckValue>(
      "SELECT algorithm, value FROM check_value WHERE key_id = $1 AND number = $2 "
      "ORDER BY algorithm",
      {id.key, id.number}, check_value_of);
}

std::optional<Canary> Versions::canary(const VersionId& id) const {
  return sql_.one<Canary>(
      "SELECT key_id, number, mechanism, parameters, content, answer_sha256, created_ms, batch_id "
      "FROM canary WHERE key_id = $1 AND number = $2",
      {id.key, id.number}, canary_of);
}

std::vector<StateEvent> Versions::events(const VersionId& id) const {
  auto all = internal::events_of(sql_, subject_of(id));
  if (all.empty() && find(id)) {
    throw Error(Kind::kConfig, "registry-invalid",
                fmt::format("nothing says how version {} of key {} came to be", id.number,
                            printable(id.key)),
                "somebody changed a row: bring the registry back from a backup");
  }
  return all;
}

}  // namespace keyrite::registry
