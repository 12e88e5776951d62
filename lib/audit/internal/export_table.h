// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What each signed entry says of its act, for people: entries.csv has all of it, and report.html
// what it shows of acts. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_fwd.h"

namespace keyrite::audit {

inline constexpr const char* kNotAnEntry = "NOT AN ENTRY";  // in the place of the act
inline constexpr const char* kNoResult = "NO RESULT";       // in the place of the outcome

// Texts as the entry has them: it may contain anything.
struct EntryRow {
  std::uint64_t entry{};
  std::string time{};
  std::string actor{};
  std::string act{};
  std::string event{};
  // Of a result its own; of an intent that of its result, "settled" or "NO RESULT"; else an error's
  // code.
  std::string outcome{};
  std::vector<std::string> keys{};  // "key PSEUDONYM id CKA_ID"; the intent's where it has none
  std::vector<std::string> approvers{};
  std::string statement{};  // SHA-256 of the approval statement
  std::string policy{};     // SHA-256 of site.toml
  std::string run{};
  bool of_intent{};  // goes on with the intent of its run, whose row has the outcome
  bool vouched{};    // no "unvouched" entry names it
};

[[nodiscard]] std::vector<EntryRow> entry_rows(const std::vector<Json>& entries);
// entries.csv (RFC 4180), a row for each signed entry.
[[nodiscard]] std::string entries_table(const std::vector<EntryRow>& rows);

}  // namespace keyrite::audit
