// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// keyrite status: where a site stands, on one screen. What its log shows, what waits for somebody,
// what ends next. Reads the site's files; at the token it reads what the token says of itself, and
// logs in only if that was asked for. Nothing is changed or logged. What cannot be known so is
// said. Plain data; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "audit/still_approving.h"
#include "base/json.h"
#include "status/token_view.h"

namespace keyrite::status {

inline constexpr std::uint32_t kWithinDays = 30;

struct StatusRequest {
  bool login{false};
  std::optional<std::uint32_t> within{};  // days
  [[nodiscard]] static const std::vector<act::Field<StatusRequest>>& table();
};

// What the files of the log show.
struct LogStanding {
  std::uint64_t signed_entries{};
  std::uint64_t unsigned_entries{};
  std::optional<std::string> last_time{};  // of the last signed entry
  // Whether it was compared with the checkpoint that the site keeps elsewhere, which shows a copy
  // and a restored backup.
  bool compared{false};
};

struct OpenAct {
  std::string act{};
  std::uint64_t entry{};
  std::string time{};
};

struct WaitingStatement {
  std::string operation{};
  std::string key{};        // for people; empty: it names none, or names.json is not there
  std::string statement{};  // its file
  TimePoint not_after{};
  std::vector<std::string> by{};  // who approved it
};

struct Upcoming {
  std::string what{};               // "rotation", "pin-ends", "campaign-ends", ...
  std::string detail{};             // for people: of which key, where
  std::optional<TimePoint> when{};  // nullopt: now, an owner is missing
};

// Something is wrong, and nothing should be done here before it was looked into.
struct Alarm {
  std::string code{};  // of the Error, or the word of keyrite inventory alerts
  std::string message{};
};

struct Status {
  std::string site{};
  std::string origin{};
  TimePoint now{};
  std::uint32_t within_days{kWithinDays};
  std::optional<LogStanding> log{};  // nullopt: it does not verify, which is an alarm
  std::vector<OpenAct> open{};
  std::vector<WaitingStatement> statements{};
  std::vector<Upcoming> next{};  // until now + within_days; what is overdue first
  std::vector<Alarm> alarms{};
  // Nothing is wrong with them as far as is known; but what they say is missing here.
  std::vector<audit::UnreadFile> unread{};
  TokenView token{};

  [[nodiscard]] bool waits() const;  // somebody has to do something
  // 6 with an alarm, else 7 where something waits or was not read, else 0 (docs/exit-codes.md).
  [[nodiscard]] int exit_code() const;
  [[nodiscard]] std::vector<std::string> cannot_know() const;
  [[nodiscard]] Json to_json() const;
  // At most 24 lines of 80 columns; what does not fit is counted.
  [[nodiscard]] std::vector<std::string> text() const;
};

// All but the token. Errors kUsage "site-not-given", "within-too-long". Whatever is wrong with log
// or registry is an alarm; what the system does not let be read is unread.
[[nodiscard]] Status status_of(const StatusRequest& request, const act::Context& context);

}  // namespace keyrite::status
