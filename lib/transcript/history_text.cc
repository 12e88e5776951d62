// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The text of a history, whose SHA-256 an entry has. Written for each entry that is vouched for,
// and checked for each of them, so it is made without a parser.
#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/lower_hex.h"
#include "crypto/digest.h"
#include "transcript/history.h"
#include "transcript/leaf.h"

namespace keyrite::transcript {

namespace {

constexpr std::string_view kFirstLine = "keyrite history v1";
constexpr std::string_view kNothing = "-";

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string time_text(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? format_rfc3339(*time) : std::string(kNothing);
}

}  // namespace

class HistoryText {
 public:
  HistoryText(std::string_view text, const std::vector<std::string>& lines)
      : rest_(text), lines_(lines) {}

  [[nodiscard]] static std::string of(const History& history, const LogStart& next) {
    std::string text =
        fmt::format("{}\nentries {}\nbytes {}\nopened {}\nlatest {}\nconfirmed {}\ndecided {} {}\n",
                    kFirstLine, next.entries, next.bytes, history.opened_ ? "yes" : "no",
                    time_text(history.clock_.latest()),
                    history.clock_.confirmed_at() ? std::to_string(*history.clock_.confirmed_at())
                                                  : std::string(kNothing),
                    history.decided_.count, to_hex(history.decided_.chain));
    for (const auto& intent : history.open_intents())
      fmt::format_to(std::back_inserter(text), "open {} {}\n", intent.index,
                     leaf_text(intent.line));
    for (const auto& [statement, use] : history.used_)
      fmt::format_to(std::back_inserter(text), "used {} {} {}\n", use.index, time_text(use.until),
                     statement);
    return text;
  }

  [[nodiscard]] std::optional<ToldHistory> read() {
    ToldHistory told;
    if (take_line() != kFirstLine) return std::nullopt;
    const auto entries = number_in(field("entries "));
    const auto bytes = number_in(field("bytes "));
    told.history.opened_ = field("opened ") == "yes";
    const auto latest = entry_time(field("latest "));
    told.history.clock_ = {latest, number_in(field("confirmed "))};
    take_decided(told.history);
    while (rest_.starts_with("open ")) take_open(told.history);
    while (rest_.starts_with("used ")) take_used(told.history);
    if (!entries || !bytes) return std::nullopt;
    told.next = {.entries = *entries, .bytes = *bytes};
    return told;
  }

 private:
  std::string_view take_line() {
    const auto end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }

  std::string_view field(std::string_view name) {
    const std::string_view line = take_line();
    return line.starts_with(name) ? line.substr(name.size()) : std::string_view();
  }

  static std::string_view take_word(std::string_view& line) {
    const auto end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
  }

  // What is no chain differs when it is written again.
  void take_decided(History& history) {
    std::string_view line = field("decided ");
    history.decided_.count = number_in(take_word(line)).value_or(0);
    if (is_lower_hex(line, kSha256Bytes)) history.decided_.chain = hash_of(from_hex(line)).value();
  }

  void take_open(History& history) {
    std::string_view line = field("open ");
    const auto index = number_in(take_word(line));
    if (!index || lines_read_ >= lines_.size()) return;
    const std::string& entry = lines_[lines_read_++];
    const auto head = entry_head(entry);
    if (!head || leaf_text(entry) != line) return;
    history.open_.insert_or_assign(std::string(head->run), OpenIntent{.index = *index,
                                                                      .run = std::string(head->run),
                                                                      .act = std::string(head->act),
                                                                      .line = entry});
  }

  static void take_use(History& history, std::string_view line) {
    const auto index = number_in(take_word(line));
    const auto until = entry_time(take_word(line));
    if (!index) return;
    history.used_.emplace(line, History::Use{.index = *index, .until = until});
    if (until)
      history.first_end_ = history.first_end_ ? std::min(*history.first_end_, *until) : *until;
  }
  void take_used(History& history) { take_use(history, field("used ")); }

  std::string_view rest_;
  const std::vector<std::string>& lines_;
  std::size_t lines_read_{0};
};

std::string History::text(const LogStart& next) const { return HistoryText::of(*this, next); }

std::string History::sha256(const LogStart& next) const {
  return crypto::sha256_hex(as_bytes(text(next)));
}

// What was read must say the same again: so no other form of the text is taken.
std::optional<ToldHistory> history_of(std::string_view text,
                                      const std::vector<std::string>& lines) {
  auto told = HistoryText(text, lines).read();
  if (!told || told->history.text(told->next) != text) return std::nullopt;
  return told;
}

}  // namespace keyrite::transcript
