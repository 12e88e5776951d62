// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/export_page_acts.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/outcome.h"

namespace keyrite::audit {

namespace {

using page::Row;
using page::Section;
using page::Table;
using Lines = std::vector<std::string>;

constexpr std::size_t kMostRows = 2000;
constexpr std::size_t kMostKeys = 3;
constexpr std::size_t kOutcomeCell = 4;

std::string entry_number(const EntryRow& row) {
  return fmt::format("{}{}", row.entry, row.vouched ? std::string_view() : page::kMark);
}

bool is_accepted(const Json& entry) {
  const auto accepted = entry.find("accepted");
  return accepted != entry.end() && accepted->is_boolean() && accepted->get<bool>();
}

bool has_no_known_end(const EntryRow& row) {
  return row.event == transcript::kIntent &&
         (row.outcome == kNoResult || row.outcome == transcript::kOutcomeUnknown);
}

// Why an auditor looks at an entry before all others; empty: no reason.
std::string remark_on(const EntryRow& row, const Json& entry) {
  if (row.act == kNotAnEntry)
    return "keyrite did not write this line. Version 0.1.0 signed whatever the log contained.";
  if (has_no_known_end(row))
    return "The act began, and no entry says how it ended. The token may have acted.";
  if (row.event == transcript::kTruncated)
    return "A program was stopped. An incomplete line behind the signed ones was removed.";
  if (row.event == transcript::kDropped)
    return "Somebody removed unsigned lines. They are in evidence/.";
  if (row.event == transcript::kClockConfirmed)
    return "Somebody confirmed the clock of the machine: earlier times of the log may be wrong.";
  if (row.event == transcript::kLastSignedAccepted)
    return "Somebody said what the last signed checkpoint was, after its file was lost.";
  if (row.event == transcript::kUnvouched && is_accepted(entry))
    return "Somebody confirmed entries for which the key of the log does not vouch.";
  return {};
}

std::string end_words(const EntryRow& row) {
  if (row.event == transcript::kIntent) return row.outcome;
  if (row.event == transcript::kRefused) return fmt::format("refused: {}", row.outcome);
  if (row.event == transcript::kApprovalRequested) return "asked for approvals";
  return row.event;
}

// Pseudonym and CKA_ID below each other.
Lines key_lines(const EntryRow& row) {
  const std::size_t shown = std::min(row.keys.size(), kMostKeys);
  Lines lines;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t id = row.keys[i].rfind(" id ");
    lines.push_back(row.keys[i].substr(0, id));
    if (id != std::string::npos) lines.push_back(row.keys[i].substr(id + 1));
  }
  if (shown < row.keys.size()) lines.push_back(fmt::format("and {} more", row.keys.size() - shown));
  return lines;
}

Lines approval_lines(const EntryRow& row, const Json& entry) {
  Lines lines = row.approvers;
  for (const char* other : {"campaign", "ceremony"}) {
    const std::string id = transcript::entry_text(entry, other, "id");
    if (!id.empty()) lines.push_back(fmt::format("{} {}", other, id));
  }
  return lines;
}

// An entry that goes on with an act, or only marks others, is no act of its own.
bool is_act(const EntryRow& row, const Json& entry) {
  return !row.of_intent && (row.event != transcript::kUnvouched || is_accepted(entry));
}

}  // namespace

page::Section first_section(const ExportedLog& log, const std::vector<EntryRow>& rows) {
  Table table{.caption = "What needs an explanation",
              .columns = {"Entry", "Why", "Act", "Who", "Time"}};
  const auto& back = log.audited.marks.set_back();
  const std::set<std::uint64_t> set_back(back.begin(), back.end());
  for (const auto& row : rows) {
    Lines why;
    if (auto remark = remark_on(row, log.entries[row.entry]); !remark.empty())
      why.push_back(std::move(remark));
    if (set_back.contains(row.entry))
      why.emplace_back("Its time is before that of an earlier entry: the clock was set back.");
    if (!why.empty())
      table.rows.push_back({{{entry_number(row)}, why, {row.act}, {row.actor}, {row.time}}});
  }
  Section section{.heading = "Look at these first"};
  section.intros.emplace_back(
      table.rows.empty()
          ? "No act without a known end, no removed line, no clock that was set back."
          : "A later entry, or a person, must explain each of these.");
  section.tables.push_back(std::move(table));
  return section;
}

page::Section acts_section(const ExportedLog& log, const std::vector<EntryRow>& rows) {
  std::vector<const EntryRow*> acts;
  for (const auto& row : rows) {
    if (is_act(row, log.entries[row.entry])) acts.push_back(&row);
  }
  const std::size_t left_out = acts.size() - std::min(acts.size(), kMostRows);
  Table table{.caption = "Acts in the order of the log",
              .columns = {"Entry", "Time", "Who", "Act", "How it ended", "Keys", "Approved by"}};
  for (std::size_t i = left_out; i < acts.size(); ++i) {
    const EntryRow& row = *acts[i];
    table.rows.push_back({{{entry_number(row)},
                           {row.time},
                           {row.actor},
                           {row.act},
                           {end_words(row)},
                           key_lines(row),
                           approval_lines(row, log.entries[row.entry])},
                          has_no_known_end(row) ? kOutcomeCell : 0});
  }
  Section section{
      .heading = "Who did what, when",
      .intros = {"Each row is an act with the number of its first signed entry: entry N is line "
                 "N+1 of log.jsonl. Keys have pseudonyms. entries.csv has a row for each entry."}};
  if (left_out > 0) {
    section.intros.push_back(fmt::format("The oldest {} are NOT on this page: see entries.csv.",
                                         counted(left_out, "act")));
  }
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace keyrite::audit
