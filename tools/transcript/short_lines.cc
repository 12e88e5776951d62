// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/show.h"

namespace keyrite {

namespace {

using transcript::entry_text;

constexpr std::size_t kIdDigits = 8;      // as much of a pseudonym as tells it from others
constexpr std::size_t kLongestWord = 40;  // an entry may say anything
constexpr const char* kNoTime = "-               ";

std::string word_of(std::string_view text) {
  const std::string word = printable(text.substr(0, kLongestWord));
  return text.size() > kLongestWord ? word + "..." : word;
}

// "2026-03-01 10:00" of what an entry has as its time.
std::string minute_of(const std::string& time) {
  constexpr std::size_t kMinute = 16;
  if (time.size() < kMinute || time[10] != 'T') return kNoTime;
  return printable(time.substr(0, 10)) + " " + printable(time.substr(11, 5));
}

// The names of its keys where the registry has them, else how their pseudonyms or ids begin.
std::string keys_text(const audit::ShownTranscript& shown, const Json& entry) {
  std::vector<std::string> keys;
  for (const Json& key : transcript::entry_list(entry, "keys")) {
    const std::string pseudonym = entry_text(key, "key");
    const std::string id = pseudonym.empty() ? entry_text(key, "id") : pseudonym;
    const auto name = shown.names.by_word.find(id);
    if (name != shown.names.by_word.end()) {
      keys.push_back(fmt::format("\"{}\"", word_of(name->second)));
    } else if (!id.empty()) {
      keys.push_back(printable(id.substr(0, kIdDigits)) + (id.size() > kIdDigits ? "..." : ""));
    }
  }
  return keys.empty() ? std::string() : fmt::format(" {}", fmt::join(keys, ", "));
}

// What came of it: nothing is said where it was done.
std::string outcome_text(const audit::ShownEntry& one) {
  const std::string event = entry_text(one.entry, "event");
  if (one.entry.contains("no_entry")) return "NO ENTRY of keyrite";
  if (event == transcript::kIntent)
    return one.counterpart ? fmt::format("intent of {}", *one.counterpart) : "NO RESULT";
  if (event != transcript::kResult) return word_of(event);
  const std::string outcome = entry_text(one.entry, "outcome");
  if (outcome == "done" || outcome.empty()) return {};
  const std::string code = entry_text(one.entry, "error", "code");
  return word_of(outcome) + (code.empty() ? "" : fmt::format(" ({})", word_of(code)));
}

std::vector<std::string> line_of(const audit::ShownTranscript& shown, const audit::ShownEntry& one,
                                 const audit::ShownEntry* intent) {
  // A result has the ids of its keys, and the intent their pseudonyms beside them, if it has any.
  std::string keys = intent != nullptr ? keys_text(shown, intent->entry) : std::string();
  if (keys.empty()) keys = keys_text(shown, one.entry);
  std::string text = word_of(entry_text(one.entry, "act")) + keys;
  const auto add = [&](const std::string& what) {
    if (!what.empty()) text += (text.empty() ? "" : ": ") + what;
  };
  add(outcome_text(one));
  if (!one.is_signed) add("NOT SIGNED");
  if (one.is_unvouched || (intent != nullptr && intent->is_unvouched)) add("UNVOUCHED");
  const std::string number = intent != nullptr ? fmt::format("{}-{}", intent->index, one.index)
                                               : fmt::format("{}", one.index);
  return {fmt::format("{:>7}", number), minute_of(entry_text(one.entry, "time")), text};
}

}  // namespace

std::string short_lines(const audit::ShownTranscript& shown) {
  std::map<std::uint64_t, const audit::ShownEntry*> here;
  for (const auto& one : shown.entries) here.emplace(one.index, &one);
  std::vector<std::vector<std::string>> rows{
      {"entries", "when (UTC)", "act, its key, what came of it"}};
  for (const auto& one : shown.entries) {
    const auto other = one.counterpart ? here.find(*one.counterpart) : here.end();
    // An intent is shown with its result.
    if (other != here.end() && entry_text(one.entry, "event") == transcript::kIntent) continue;
    rows.push_back(line_of(shown, one, other != here.end() ? other->second : nullptr));
  }
  return format_table(rows);
}

}  // namespace keyrite
