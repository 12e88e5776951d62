// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A status on one screen, and for programs.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/text.h"
#include "status/status.h"

namespace keyrite::status {

namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kNameColumns = 10;
constexpr std::size_t kTextColumns = kColumns - kNameColumns - 2;
constexpr std::size_t kMostLines = 23;  // of 24, one is the prompt
constexpr std::size_t kMostOfAKind = 3;

std::string day_of(TimePoint when) { return format_rfc3339(when).substr(0, 10); }

// One line, cut at its end where it is longer than what is left of 80 columns.
std::string one_line(std::string text) {
  if (text.size() <= kTextColumns) return text;
  text.resize(kTextColumns - 3);
  while (!is_utf8(text)) text.pop_back();
  return text + "...";
}

void add(Rows& rows, const char* name, const std::string& text) {
  rows.push_back({name, one_line(printable(text))});
}

// The first few of a kind, and how many more there are.
void add_some(Rows& rows, const char* name, const std::vector<std::string>& all, std::size_t most,
              const char* more) {
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
    add(rows, i == 0 ? name : "", all[i]);
  if (all.size() > most) add(rows, "", fmt::format("and {} more: {}", all.size() - most, more));
}

// A reason is read to its end, in two lines at most.
void add_alarms(Rows& rows, const std::vector<Alarm>& alarms) {
  constexpr std::size_t kMostLinesOfOne = 2;
  const std::size_t shown = std::min(alarms.size(), kMostOfAKind);
  for (std::size_t i = 0; i < shown; ++i) {
    auto lines = wrap_words(printable(fmt::format("{}: {}", alarms[i].code, alarms[i].message)),
                            kTextColumns);
    lines.resize(std::min(lines.size(), kMostLinesOfOne));
    for (std::size_t j = 0; j < lines.size(); ++j)
      add(rows, i == 0 && j == 0 ? "ALARM" : "", lines[j]);
  }
  if (alarms.size() > shown)
    add(rows, "", fmt::format("and {} more: --json has all", alarms.size() - shown));
}

std::string verdict_of(const Status& status) {
  if (!status.alarms.empty())
    return fmt::format("ALARM: {}", counted(status.alarms.size(), "thing is", "things are")) +
           " wrong";
  if (!status.unread.empty()) return "NOT everything was read: something may wait for you";
  return status.waits() ? "something waits for you" : "nothing needs attention";
}

std::string token_text(const TokenView& token) {
  if (!token.info) return "not seen: " + token.why_not;
  std::string text = fmt::format("\"{}\" ({}, serial {})", token.info->label, token.info->model,
                                 token.info->serial);
  if (token.keys) text += ", " + counted(*token.keys, "key");
  return text;
}

std::string log_text(const LogStanding& log) {
  return fmt::format("{} signed, the last of {}", counted_entries(log.signed_entries),
                     log.last_time.value_or("an unknown time"));
}

// Two lines for each.
std::vector<std::string> texts_of(const std::vector<WaitingStatement>& all) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(all.size(), kMostOfAKind); ++i) {
    const auto& one = all[i];
    texts.push_back(one.key.empty() ? one.operation
                                    : fmt::format("{} of \"{}\"", one.operation, one.key));
    texts.push_back(fmt::format("  until {}, {}", format_rfc3339(one.not_after),
                                one.by.empty()
                                    ? std::string("nobody approved it yet")
                                    : fmt::format("approved by {}", fmt::join(one.by, ", "))));
  }
  return texts;
}

std::vector<std::string> texts_of(const std::vector<OpenAct>& all) {
  std::vector<std::string> texts;
  for (const auto& one : all)
    texts.push_back(fmt::format("{} of {} (entry {}) has no result", one.act, one.time, one.entry));
  return texts;
}

std::string when_text(const Upcoming& one, TimePoint now) {
  if (!one.when) return "now";
  return (*one.when <= now ? "OVERDUE " : "") + day_of(*one.when);
}

std::vector<std::string> next_texts(const Status& status) {
  std::vector<std::string> texts;
  for (const auto& one : status.next)
    texts.push_back(fmt::format("{} {}: {}", when_text(one, status.now), one.what, one.detail));
  return texts;
}

std::vector<std::string> unread_texts(const std::vector<audit::UnreadFile>& all) {
  std::vector<std::string> texts;
  for (const auto& one : all) texts.push_back(one.why);
  return texts;
}

Rows rows_of(const Status& status) {
  Rows rows;
  add(rows, "site", fmt::format("{} ({})", status.site, status.origin));
  add(rows, "token", token_text(status.token));
  add_alarms(rows, status.alarms);
  add_some(rows, "NOT READ", unread_texts(status.unread), kMostOfAKind, "--json has all");
  if (status.log) add(rows, "log", log_text(*status.log));
  if (status.log && status.log->unsigned_entries != 0)
    add(rows, "unsigned",
        fmt::format("{}: keyrite resume signs them",
                    counted_entries(status.log->unsigned_entries)));
  add_some(rows, "open", texts_of(status.open), kMostOfAKind, "--json has all");
  if (!status.open.empty()) add(rows, "", "unless one is at work now: keyrite resume");
  const auto& waiting = status.statements;
  add_some(rows, "approvals", texts_of(waiting), 2 * kMostOfAKind, "");
  if (waiting.size() > kMostOfAKind)
    add(rows, "", fmt::format("and {} more: --json has all", waiting.size() - kMostOfAKind));
  add_some(rows, "PIN", status.token.warnings(), kMostOfAKind, "--json has all");
  return rows;
}

Json log_json(const LogStanding& log) {
  return {{"signed", log.signed_entries},
          {"unsigned", log.unsigned_entries},
          {"last_time", log.last_time ? Json(*log.last_time) : Json(nullptr)},
          {"compared", log.compared}};
}

Json token_json(const TokenView& token) {
  const auto& info = token.info;
  const auto said = [&](const std::string& text) { return info ? Json(text) : Json(nullptr); };
  const auto seen = info.value_or(pkcs11::TokenInfo{});
  return {{"seen", info.has_value()},     {"why_not", info ? Json(nullptr) : Json(token.why_not)},
          {"uri", said(seen.uri())},      {"label", said(seen.label)},
          {"model", said(seen.model)},    {"serial", said(seen.serial)},
          {"logged_in", token.logged_in}, {"keys", token.keys ? Json(*token.keys) : Json(nullptr)},
          {"warnings", token.warnings()}};
}

template <class One, class ToJson>
Json json_of(const std::vector<One>& all, const ToJson& to_json) {
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to_json(one));
  return list;
}

}  // namespace

std::vector<std::string> Status::text() const {
  Rows rows = rows_of(*this);
  const auto unknown = cannot_know();
  const auto coming = next_texts(*this);
  const std::size_t taken = rows.size() + unknown.size() + 2 + (statements.empty() ? 0 : 2);
  const std::size_t room = taken < kMostLines ? kMostLines - taken : 1;
  if (coming.empty()) {
    add(rows, "next", fmt::format("nothing ends or is due within {} days", within_days));
  } else {
    add_some(rows, "next", coming, std::max<std::size_t>(room, 1), "keyrite inventory due");
  }
  add_some(rows, "unknown", unknown, unknown.size(), "");
  for (auto& row : rows) row.front().resize(kNameColumns, ' ');
  std::vector<std::string> text{verdict_of(*this), format_table(rows)};
  if (!statements.empty()) {
    text.emplace_back("What waits for approvals is read with");
    text.push_back("  keyrite approve show " + shell_quote(statements.front().statement));
  }
  return text;
}

Json Status::to_json() const {
  return {
      {"site", site},
      {"origin", origin},
      {"within_days", within_days},
      {"log", log ? log_json(*log) : Json(nullptr)},
      {"open", json_of(open,
                       [](const OpenAct& one) {
                         return Json{{"act", one.act}, {"entry", one.entry}, {"time", one.time}};
                       })},
      {"approvals", json_of(statements,
                            [](const WaitingStatement& one) {
                              return Json{{"operation", one.operation},
                                          {"key", one.key},
                                          {"statement", one.statement},
                                          {"not_after", format_rfc3339(one.not_after)},
                                          {"by", one.by}};
                            })},
      {"next", json_of(next,
                       [this](const Upcoming& one) {
                         return Json{
                             {"what", one.what},
                             {"detail", one.detail},
                             {"time", one.when ? Json(format_rfc3339(*one.when)) : Json(nullptr)},
                             {"overdue", !one.when || *one.when <= now}};
                       })},
      {"alarms", json_of(alarms,
                         [](const Alarm& one) {
                           return Json{{"code", one.code}, {"message", one.message}};
                         })},
      {"unread", json_of(unread, [](const audit::UnreadFile& one) { return one.to_json(); })},
      {"token", token_json(token)},
      {"cannot_know", cannot_know()}};
}

}  // namespace keyrite::status
