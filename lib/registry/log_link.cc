#include "registry/log_link.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kSelectBatch =
    "SELECT id, run, part, act, records, manifest_sha256, opened_ms, outcome, log_seq, log_leaf "
    "FROM batch WHERE id = $1";

Batch batch_of(const Row& row) {
  Batch batch{.id = row.text(0),
              .run = row.text(1),
              .part = row.number(2),
              .act = row.text(3),
              .records = row.number(4),
              .manifest_sha256 = row.text(5),
              .opened = row.time(6),
              .outcome = row.one_of<Outcome>(7)};
  if (!row.is_null(8)) batch.entry = LogEntry{row.count(8), row.text(9)};
  return batch;
}

[[noreturn]] void refuse_batch(std::string_view batch, std::string_view code, std::string_view why,
                               std::string_view hint) {
  throw Error(Kind::kFailed, std::string(code), fmt::format("batch {} {}", printable(batch), why),
              std::string(hint));
}

}  // namespace

Standing standing_of(const LogPosition& position, std::uint64_t size, const LeafOf& leaf_of) {
  if (position.size > size) return Standing::kAhead;
  if (position.size > 0 && leaf_of(position.size - 1) != position.leaf) return Standing::kOtherLeaf;
  return position.size == size ? Standing::kEqual : Standing::kBehind;
}

LogPosition LogLink::position(std::string_view origin) const {
  return sql_
      .one<LogPosition>("SELECT size, leaf FROM log_position WHERE origin = $1", {text_of(origin)},
                        [](const Row& row) {
                          return LogPosition{row.count(0), row.text(1)};
                        })
      .value_or(LogPosition{});
}

void LogLink::advance(std::string_view origin, const LogPosition& to) {
  internal::require_text(origin, "the name of the log");
  if (to.size != 0 || !to.leaf.empty()) internal::require_sha256(to.leaf, "the last leaf");
  const LogPosition now = position(origin);
  if (now == to && to.size != 0) return;
  if (to.size < now.size || (to.size == now.size && to.leaf != now.leaf)) {
    throw Error(Kind::kVerification, "log-position-backwards",
                fmt::format("the registry {} has taken over {} entries of the log, and is to go to "
                            "{}",
                            printable(sql_.place()), now.size, to.size),
                "the log was put back, or is another one: keyrite resume says more");
  }
  const auto changed = sql_.run(
      "UPDATE log_position SET size = $1, leaf = $2, revision = revision + 1 WHERE origin = $3",
      {value_of(to.size), to.leaf, text_of(origin)});
  if (changed != 0) return;
  sql_.run("INSERT INTO log_position (origin, size, leaf, revision) VALUES ($1, $2, $3, 1)",
           {text_of(origin), value_of(to.size), to.leaf});
}

void LogLink::open(const Batch& batch) {
  internal::require_id(batch.id, "the id of a batch");
  internal::require_id(batch.run, "the run of a batch");
  internal::require_text(batch.act, "the act of a batch");
  internal::require_sha256(batch.manifest_sha256, "the manifest of a batch");
  sql_.run(
      "INSERT INTO batch (id, run, part, act, records, manifest_sha256, opened_ms, outcome) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')",
      {batch.id, batch.run, batch.part, batch.act, batch.records, batch.manifest_sha256,
       value_of(batch.opened)});
}

void LogLink::bind(std::string_view batch, const LogEntry& entry, Outcome outcome) {
  internal::require_sha256(entry.leaf, "the leaf of the log entry");
  const auto changed = sql_.run(
      "UPDATE batch SET outcome = $1, log_seq = $2, log_leaf = $3 WHERE id = $4 AND log_seq IS "
      "NULL",
      {text_of(word(outcome)), value_of(entry.seq), entry.leaf, text_of(batch)});
  if (changed != 1) refuse_batch(batch, "batch-not-open", "is not open", "it was bound before");
  sql_.name(entry);
}

void LogLink::take_back(std::string_view batch) {
  const auto known = find(batch);
  if (!known || known->entry)
    refuse_batch(batch, "batch-not-open", "is not open", "it was bound before");
  constexpr std::array<std::string_view, 3> kNever{
      "SELECT count(*) FROM dek WHERE batch_id = $1",
      "SELECT count(*) FROM credential WHERE batch_id = $1",
      "SELECT count(*) FROM canary WHERE batch_id = $1"};
  for (const auto& count : kNever) {
    if (sql_.number(count, {text_of(batch)}) != 0)
      refuse_batch(batch, "batch-has-deks", "has wrapped keys, which are never taken back",
                   "settle it with an entry of its own");
  }
  // Children first. What another batch built upon stays, by the foreign keys.
  for (const auto& remove :
       {"DELETE FROM decision WHERE batch_id = $1", "DELETE FROM destination WHERE batch_id = $1",
        "DELETE FROM tenant_key WHERE batch_id = $1", "DELETE FROM tenant WHERE batch_id = $1",
        "DELETE FROM batch WHERE id = $1"}) {
    sql_.run(remove, {text_of(batch)});
  }
}

std::optional<Batch> LogLink::find(std::string_view batch) const {
  return sql_.one<Batch>(kSelectBatch, {text_of(batch)}, batch_of);
}

std::vector<Batch> LogLink::open_batches() const {
  return sql_.all<Batch>(
      "SELECT id, run, part, act, records, manifest_sha256, opened_ms, outcome, log_seq, log_leaf "
      "FROM batch WHERE log_seq IS NULL ORDER BY run, part",
      {}, batch_of);
}

}  // namespace keyrite::registry
