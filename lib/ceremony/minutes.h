// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The minutes of a ceremony, as the log tells them: what was planned, what was done, by whom, and
// what differs. Plain data, filled from a verified log, shown by ceremony/minutes_page.h; any
// thread. Times are RFC 3339 as the log has them; an empty text is not shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ceremony/mode.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

struct CheckedIn {
  std::string name{};
  std::string role{};
  CheckIn how{CheckIn::kName};  // typed by somebody, or shown by a signature
  std::string at{};
  std::optional<std::uint64_t> entry{};
};

// What became of a step.
enum class Happened : std::uint8_t {
  kDone,
  kDoneAfterFailure,  // tried again, as the file allows
  kReplaced,          // failed, and its alternative was done
  kFailed,            // failed, and the ceremony ended
  kNotChosen,         // another alternative was chosen
  kNotNeeded,         // an alternative whose step did not fail
  kNotRehearsed,      // a rehearsal leaves it out
  kUnknown,           // begun, and no entry says how it ended
  kNotReached
};

// "check value", "aes-cmac-zero 5b6f..."
using ResultLine = std::pair<std::string, std::string>;

struct StepMinutes {
  std::uint32_t number{};  // all of these as the file has them
  std::string name{};
  std::string title{};
  std::string role{};
  StepKind kind{};
  std::string act{};
  std::int64_t planned_minutes{0};
  Happened happened{Happened::kNotReached};
  std::uint32_t failures{0};      // attempts that failed before
  std::string because{};          // one sentence: the error's code, the choice that left it out
  std::vector<std::string> by{};  // who answered
  std::string asked_at{};
  std::string answered_at{};
  std::string answer{};  // what was typed: exact words, a recorded value, an alternative
  std::vector<ResultLine> results{};
  std::vector<std::uint64_t> entries{};  // of the log
};

struct Deviation {
  std::uint32_t number{};             // the same as on paper
  std::uint32_t step{};               // 0: before the first step
  std::optional<std::string> text{};  // nullopt: erased; the log keeps its SHA-256
  std::string text_sha256{};
  std::string confirmed_by{};  // who was there in the role of the witness
  std::string at{};
  std::optional<std::uint64_t> entry{};
};

// A time in which the ceremony stood still: a pause, or an interruption and resume.
struct StandStill {
  std::uint32_t before_step{};
  std::string reason{};
  std::string from{};
  std::string until{};
};

struct ApprovedBy {
  std::string name{};
  std::string role{};
};

enum class Ended : std::uint8_t { kCompleted, kAborted, kUnfinished };

// The head of the log when the ceremony had ended.
struct Fingerprint {
  std::string origin{};
  std::uint64_t size{};
  std::string root{};        // 64 hex digits
  std::string checkpoint{};  // the signed note, for the QR code; empty where nothing signed it
};

struct Minutes {
  std::string title{};
  std::string purpose{};
  std::string file_sha256{};
  std::string run{};  // the id under which the log has this ceremony
  Mode mode{Mode::kLive};
  Ended ended{Ended::kUnfinished};
  std::string began_at{};
  std::string ended_at{};
  std::string abort_reason{};  // as it was typed; empty: it was not aborted, or that was erased
  std::vector<std::pair<std::string, std::string>> token{};   // "serial", "..."
  std::vector<std::pair<std::string, std::string>> inputs{};  // name, value or SHA-256 of its file
  std::string statement_sha256{};                             // of the approval; empty: none
  std::vector<ApprovedBy> approved_by{};
  std::vector<CheckedIn> people{};
  std::vector<StepMinutes> steps{};
  std::vector<StepMinutes> teardown{};  // of an aborted ceremony
  std::vector<Deviation> deviations{};
  std::vector<StandStill> stood_still{};
  std::vector<std::string> differences{};  // from the plan, a sentence each: order, what was added
  std::int64_t planned_minutes{0};
  std::int64_t used_minutes{0};
  std::vector<Duty> duties{};
  Fingerprint fingerprint{};
  bool independent_witness{false};  // a second block of signatures
  std::string tool{};               // name and version of what wrote the minutes
  std::string made_at{};
};

}  // namespace keyrite::ceremony
