#include "registry/copies.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"
#include "registry/versions.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::SubjectId;
using internal::text_of;
using internal::Value;

Copy copy_of(const Row& row) {
  Copy copy;
  copy.id = row.text(0);
  copy.version = {row.text(1), row.number(2)};
  copy.form = row.one_of<CopyForm>(3);
  copy.token_serial = row.optional_text(4).value_or("");
  copy.member = row.optional_text(5).value_or("");
  copy.cka_id = from_hex(row.optional_text(6).value_or(""));
  copy.sha256 = row.optional_text(7).value_or("");
  copy.state = row.one_of<CopyState>(8);
  copy.revision = row.number(9);
  return copy;
}

SubjectId subject_of(std::string_view id) { return {Subject::kCopy, std::string(id), 0}; }

// Nothing brings a destroyed version back: no restore, no adoption, no import.
void require_not_destroyed(internal::Sql& sql, const VersionId& id) {
  const auto version = Versions(sql).find(id);
  if (!version) internal::refuse_unknown(sql, "version of key", id.key);
  if (version->state != VersionState::kDestroyed) return;
  throw Error(Kind::kFailed, "version-destroyed",
              fmt::format("version {} of key {} is destroyed, and nothing of it may be there",
                          id.number, printable(id.key)),
              "an object of a destroyed version is an alarm: find out who put it there");
}

bool claims_presence(CopyState state) {
  return state == CopyState::kPresent || state == CopyState::kExpected;
}

}  // namespace

void Copies::add(const Copy& copy, const Mark& mark) {
  internal::require_id(copy.id, "the id of a copy");
  const bool at_token = copy.form == CopyForm::kToken;
  if (at_token) {
    internal::require_text(copy.token_serial, "the serial of a token");
  } else {
    internal::require_sha256(copy.sha256, "the file of a copy");
  }
  require_not_destroyed(sql_, copy.version);
  const auto seq = internal::append_event(sql_, subject_of(copy.id), word(CopyState::kNone),
                                          word(copy.state), mark);
  const auto of_token = [&](std::string text) {
    return at_token ? Value(std::move(text)) : Value();
  };
  sql_.run(
      "INSERT INTO key_copy (id, key_id, version_number, form, token_serial, member, cka_id, "
      "sha256, kind, number, state, state_seq, revision) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'copy', 0, $9, $10, 1)",
      {copy.id, copy.version.key, copy.version.number, text_of(word(copy.form)),
       of_token(copy.token_serial), of_token(copy.member), of_token(to_hex(copy.cka_id)),
       at_token ? Value() : Value(copy.sha256), text_of(word(copy.state)), seq});
}

void Copies::move(std::string_view id, CopyState to, std::int64_t revision, const Mark& mark) {
  const auto now = find(id);
  if (!now) internal::refuse_unknown(sql_, "copy", id);
  internal::require_revision(sql_, now->revision, revision, "copy", id);
  if (claims_presence(to)) require_not_destroyed(sql_, now->version);
  const auto seq = internal::append_event(sql_, subject_of(id), word(now->state), word(to), mark);
  const auto changed = sql_.run(
      "UPDATE key_copy SET state = $1, state_seq = $2, revision = revision + 1 "
      "WHERE id = $3 AND revision = $4",
      {text_of(word(to)), seq, text_of(id), revision});
  internal::require_swapped(sql_, changed, "copy", "SELECT count(*) FROM key_copy WHERE id = $1",
                            {text_of(id)});
}

std::optional<Copy> Copies::find(std::string_view id) const {
  return sql_.one<Copy>(
      "SELECT id, key_id, version_number, form, token_serial, member, cka_id, sha256, state, "
      "revision FROM key_copy WHERE id = $1",
      {text_of(id)}, copy_of);
}

std::vector<Copy> Copies::of(const VersionId& version) const {
  return sql_.all<Copy>(
      "SELECT id, key_id, version_number, form, token_serial, member, cka_id, sha256, state, "
      "revision FROM key_copy WHERE key_id = $1 AND version_number = $2 ORDER BY id",
      {version.key, version.number}, copy_of);
}

std::vector<Copy> Copies::on(std::string_view token_serial) const {
  return sql_.all<Copy>(
      "SELECT id, key_id, version_number, form, token_serial, member, cka_id, sha256, state, "
      "revision FROM key_copy WHERE token_serial = $1 ORDER BY id",
      {text_of(token_serial)}, copy_of);
}

std::optional<Copy> Copies::on_token(std::string_view token_serial, std::string_view member,
                                     ByteView cka_id) const {
  return sql_.one<Copy>(
      "SELECT id, key_id, version_number, form, token_serial, member, cka_id, sha256, state, "
      "revision FROM key_copy WHERE token_serial = $1 AND member = $2 AND cka_id = $3",
      {text_of(token_serial), text_of(member), to_hex(cka_id)}, copy_of);
}

std::optional<Copy> Copies::of_file(std::string_view sha256) const {
  return sql_.one<Copy>(
      "SELECT id, key_id, version_number, form, token_serial, member, cka_id, sha256, state, "
      "revision FROM key_copy WHERE sha256 = $1",
      {text_of(sha256)}, copy_of);
}

std::vector<StateEvent> Copies::events(std::string_view id) const {
  return internal::events_of(sql_, subject_of(id));
}

}  // namespace keyrite::registry
