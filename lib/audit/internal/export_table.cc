#include <map>

#include <fmt/format.h>

#include "audit/internal/export_part.h"
#include "base/csv.h"
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
  std::string outcome{"NO RESULT"};
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

std::string appended(std::string text, std::string_view separator, const std::string& more) {
  if (!text.empty()) text += separator;
  return text + more;
}

std::string keys_text(const Json& keys) {
  std::string all;
  bool first = true;
  for (const auto& key : keys) {
    std::string one;
    for (const char* word : {"key", "id"}) {
      const std::string value = transcript::entry_text(key, word);
      if (!value.empty()) one = appended(std::move(one), " ", fmt::format("{} {}", word, value));
    }
    all += (first ? "" : "; ") + one;
    first = false;
  }
  return all;
}

std::string approvers_text(const Json& entry) {
  std::string all;
  bool first = true;
  for (const auto& one : transcript::entry_list(entry, "approval", "by")) {
    all += (first ? "" : "; ") + transcript::entry_text(one, "identity");
    first = false;
  }
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

std::string entry_row(std::size_t index, const Json& entry, const TableRun& run, bool unvouched) {
  const Json own = transcript::entry_list(entry, "keys");
  const Json& approved = entry.contains("approval") ? entry : run.intent;
  const std::string act = transcript::entry_text(entry, "act");
  return csv_row(
      {std::to_string(index), transcript::entry_text(entry, "time"),
       transcript::entry_text(entry, "operator"), act.empty() ? std::string("NOT AN ENTRY") : act,
       transcript::entry_text(entry, "event"), csv_outcome(entry, run),
       keys_text(own.empty() ? transcript::entry_list(run.intent, "keys") : own),
       approvers_text(approved), transcript::entry_text(approved, "approval", "statement_sha256"),
       transcript::entry_text(entry, "site_sha256"), transcript::entry_text(entry, "run"),
       std::string(unvouched ? "NO" : "yes")});
}

}  // namespace

std::string entries_table(const std::vector<Json>& entries) {
  const auto runs = runs_of(entries);
  const auto unvouched = unvouched_in(entries);
  std::string table = std::string(kTableHead) + "\r\n";
  for (std::size_t i = 0; i < entries.size(); ++i)
    table +=
        entry_row(i, entries[i], runs.at(transcript::entry_text(entries[i], "run")), unvouched[i]);
  return table;
}

}  // namespace keyrite::audit
