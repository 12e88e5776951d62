#include "registry/internal/events.h"

#include <fmt/format.h>

#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite::registry::internal {

namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kLongestText = 500;

[[noreturn]] void refuse_value(std::string_view what, std::string_view why) {
  throw Error(Kind::kUsage, "registry-value", fmt::format("{} {}", what, why));
}

StateEvent event_of(const Row& row) {
  StateEvent event;
  event.seq = row.number(0);
  event.from = row.text(1);
  event.to = row.text(2);
  event.mark = {row.time(3), row.text(4), {row.count(5), row.text(6)}};
  if (!row.is_null(7)) event.basis = row.one_of<Basis>(7);
  event.evidence_sha256 = row.optional_text(8);
  event.until = row.optional_time(9);
  return event;
}

}  // namespace

void require_id(std::string_view id, std::string_view what) {
  if (!is_lower_hex(id, kIdBytes)) refuse_value(what, "is not an id of 32 hex digits");
}

void require_sha256(std::string_view hash, std::string_view what) {
  if (!is_lower_hex(hash, kSha256Bytes)) refuse_value(what, "is not a SHA-256 in hex");
}

void require_text(std::string_view text, std::string_view what) {
  if (text.empty()) refuse_value(what, "is empty");
  if (text.size() > kLongestText) refuse_value(what, "is longer than 500 bytes");
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    refuse_value(what, "is not UTF-8 text");
}

std::int64_t append_event(Sql& sql, const SubjectId& of, std::string_view from, std::string_view to,
                          const Mark& mark, const Verdict& verdict) {
  if (!is_legal(of.subject, from, to)) {
    throw Error(Kind::kFailed, "transition-illegal",
                fmt::format("a {} does not go from {} to {}", word(of.subject), from, to),
                "docs/formats/registry.md shows which state follows which");
  }
  require_sha256(mark.entry.leaf, "the leaf of the log entry");
  require_text(mark.actor, "the actor");
  sql.name(mark.entry);
  const std::string kind(word(of.subject));
  const std::int64_t last = sql.number(
      "SELECT coalesce(max(seq), 0) FROM state_event WHERE kind = $1 AND subject = $2 "
      "AND number = $3",
      {kind, of.id, of.number});
  Value basis;
  if (verdict.basis) basis = text_of(word(*verdict.basis));
  sql.run(
      "INSERT INTO state_event (kind, subject, number, seq, before_seq, from_state, to_state, "
      "at_ms, actor, basis, evidence_sha256, until_ms, log_seq, log_leaf) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {kind, of.id, of.number, last + 1, last == 0 ? Value() : Value(last), text_of(from),
       text_of(to), value_of(mark.at), mark.actor, basis, value_of(verdict.evidence_sha256),
       value_of(verdict.until), value_of(mark.entry.seq), mark.entry.leaf});
  return last + 1;
}

std::vector<StateEvent> events_of(Sql& sql, const SubjectId& of) {
  return sql.all<StateEvent>(
      "SELECT seq, from_state, to_state, at_ms, actor, log_seq, log_leaf, basis, evidence_sha256, "
      "until_ms FROM state_event WHERE kind = $1 AND subject = $2 AND number = $3 ORDER BY seq",
      {std::string(word(of.subject)), of.id, of.number}, event_of);
}

}  // namespace keyrite::registry::internal
