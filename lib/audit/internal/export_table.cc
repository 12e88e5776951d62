// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/export_table.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/csv.h"
#include "base/json.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"

namespace keyrite::audit {

namespace {

// verify-root.py makes the same of the same entries (--csv).
constexpr const char* kTableHead =
    R"("entry","time","operator","act","event","outcome","key","approvers","approval","policy","run","vouched")";

// What the other entries of a run say of it.
struct TableRun {
  Json intent = Json::object();
  std::string outcome{kNoResult};
};

std::map<std::string, TableRun> runs_of(const std::vector<Json>& entries) {
  std::map<std::string, TableRun> runs;
  for (const auto& entry : entries) {
    TableRun& run = runs[transcript::entry_text(entry, "run")];
    const std::string event = transcript::entry_text(entry, "event");
    if (event == transcript::kIntent) run.intent = entry;
    if (event == transcript::kResult) run.outcome = transcript::entry_text(entry, "outcome");
    if (event == transcript::kSettled) run.outcome = transcript::kSettled;
  }
  return runs;
}

std::vector<std::string> key_words_of(const Json& keys) {
  std::vector<std::string> all;
  for (const auto& key : keys) {
    std::string one;
    for (const char* word : {"key", "id"}) {
      const std::string value = transcript::entry_text(key, word);
      if (!value.empty()) one += fmt::format("{}{} {}", one.empty() ? "" : " ", word, value);
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::string> approvers_of(const Json& entry) {
  std::vector<std::string> all;
  for (const auto& one : transcript::entry_list(entry, "approval", "by"))
    all.push_back(transcript::entry_text(one, "identity"));
  return all;
}

std::string csv_outcome(const Json& entry, const TableRun& run) {
  if (transcript::entry_text(entry, "event") == transcript::kIntent) return run.outcome;
  const std::string outcome = transcript::entry_text(entry, "outcome");
  return outcome.empty() ? transcript::entry_text(entry, "error", "code") : outcome;
}

// Which entries an "unvouched" entry names: nobody who held the token wrote them.
std::vector<bool> unvouched_in(const std::vector<Json>& entries) {
  std::vector<bool> unvouched(entries.size(), false);
  for (std::size_t here = 0; here < entries.size(); ++here) {
    const Json& entry = entries[here];
    const auto first = entry.find("first");
    const auto last = entry.find("last");
    if (transcript::entry_text(entry, "event") != transcript::kUnvouched ||
        !entry.contains("vouch") || first == entry.end() || last == entry.end() ||
        !first->is_number_unsigned() || !last->is_number_unsigned() ||
        last->get<std::size_t>() >= here)
      continue;
    for (auto i = first->get<std::size_t>(); i <= last->get<std::size_t>(); ++i)
      unvouched[i] = true;
  }
  return unvouched;
}

bool belongs_to_intent(const Json& entry, const TableRun& run) {
  const std::string event = transcript::entry_text(entry, "event");
  return !run.intent.empty() && !transcript::entry_text(entry, "run").empty() &&
         (event == transcript::kPart || event == transcript::kResult ||
          event == transcript::kSettled);
}

EntryRow entry_row(std::uint64_t index, const Json& entry, const TableRun& run, bool unvouched) {
  const Json own = transcript::entry_list(entry, "keys");
  const Json& approved = entry.contains("approval") ? entry : run.intent;
  const std::string act = transcript::entry_text(entry, "act");
  return {.entry = index,
          .time = transcript::entry_text(entry, "time"),
          .actor = transcript::entry_text(entry, "operator"),
          .act = act.empty() ? std::string(kNotAnEntry) : act,
          .event = transcript::entry_text(entry, "event"),
          .outcome = csv_outcome(entry, run),
          .keys = key_words_of(own.empty() ? transcript::entry_list(run.intent, "keys") : own),
          .approvers = approvers_of(approved),
          .statement = transcript::entry_text(approved, "approval", "statement_sha256"),
          .policy = transcript::entry_text(entry, "site_sha256"),
          .run = transcript::entry_text(entry, "run"),
          .of_intent = belongs_to_intent(entry, run),
          .vouched = !unvouched};
}

std::string table_line(const EntryRow& row) {
  return csv_row({std::to_string(row.entry), row.time, row.actor, row.act, row.event, row.outcome,
                  fmt::format("{}", fmt::join(row.keys, "; ")),
                  fmt::format("{}", fmt::join(row.approvers, "; ")), row.statement, row.policy,
                  row.run, std::string(row.vouched ? "yes" : "NO")});
}

}  // namespace

std::vector<EntryRow> entry_rows(const std::vector<Json>& entries) {
  const auto runs = runs_of(entries);
  const auto unvouched = unvouched_in(entries);
  std::vector<EntryRow> rows;
  for (std::size_t i = 0; i < entries.size(); ++i)
    rows.push_back(
        entry_row(i, entries[i], runs.at(transcript::entry_text(entries[i], "run")), unvouched[i]));
  return rows;
}

std::string entries_table(const std::vector<EntryRow>& rows) {
  std::string table = std::string(kTableHead) + "\r\n";
  for (const auto& row : rows) table += table_line(row);
  return table;
}

}  // namespace keyrite::audit
