// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a ceremony writes into the log besides the acts that are its steps: that it begins, what
// came of each step, each deviation, and that it is over. Each is an act at the token, so that the
// log's key vouches for it. Free text is kept beside the log and can be erased (act/typed_text.h).
// Plain data and pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/log_words.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "ceremony/bindings.h"
#include "ceremony/file.h"
#include "ceremony/mode.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

// Where a step's number is 0: what is done before the first step.
inline constexpr std::uint32_t kBeforeSteps = 0;

// What came of a step, in the log's words.
enum class StepOutcome : std::uint8_t {
  kDone,
  kFailed,
  kNotChosen,     // only_if was not met
  kNotNeeded,     // of an alternative: the step before it went well
  kNotRehearsed,  // it needs what only a cloud or another token has
};
inline constexpr std::array<std::string_view, 5> kStepOutcomeWords{"done", "failed", "not-chosen",
                                                                   "not-needed", "not-rehearsed"};

[[nodiscard]] constexpr std::string_view word_of(StepOutcome outcome) {
  return kStepOutcomeWords.at(static_cast<std::size_t>(outcome));
}

// Of step 0: how people came in, and which clock was compared.
enum class Before : std::uint8_t { kCheckIn, kClock };

struct StepRecord {
  std::string ceremony{};  // its id
  std::uint32_t step{};
  act::Words kind{};  // of the step, or "check-in", "clock", "bind", "abort"
  StepOutcome outcome{};
  std::optional<TimePoint> asked{};  // the prompt was shown
  std::optional<TimePoint> answered{};
  std::optional<std::string> text{};    // what a person typed
  std::optional<std::size_t> choice{};  // of kChoose: from 0
  // Of a check-in: the role's place in the file, the person's in the role, and the evidence of a
  // signature.
  std::optional<std::size_t> role{};
  std::optional<std::size_t> person{};
  std::optional<std::string> signature_sha256{};
  std::vector<Bytes> evidence{};
  std::vector<std::string> runs{};      // of the acts of this step
  std::optional<act::Words> failure{};  // code of the Error
};

// The words of a step's kind in the log.
[[nodiscard]] act::Words words_of(StepKind kind);
[[nodiscard]] act::Words words_of(StepOutcome outcome);

struct Opening {
  std::string id{};
  CeremonyFile file{};
  Mode mode{};
  Bindings bindings{};
};
// Its intent has all that officers approve: the file's SHA-256, the operations, and the request of
// each step, where "fresh" stands for what is bound later. Errors: those of set_fields and record,
// with the step's name; of reading fixed inputs.
[[nodiscard]] act::Act open_ceremony(const Opening& opening);
// A step makes or tries a trusted wrapping key, for which the token wants its security officer.
[[nodiscard]] bool wants_officer(const Ceremony& ceremony);

[[nodiscard]] act::Act record_step(const StepRecord& record);

struct DeviationRecord {
  std::string ceremony{};
  std::uint32_t number{};  // from 1, as on paper
  std::uint32_t step{};
  std::string text{};
  TimePoint asked{};
  TimePoint answered{};
};
[[nodiscard]] act::Act record_deviation(const DeviationRecord& deviation);

enum class Ending : std::uint8_t { kCompleted, kCompletedWithDeviations, kAborted };
inline constexpr std::array<std::string_view, 3> kEndingWords{
    "completed", "completed-with-deviations", "aborted"};
struct Closing {
  std::string ceremony{};
  Ending ending{};
  std::uint32_t deviations{};
};
[[nodiscard]] act::Act close_ceremony(const Closing& closing);

}  // namespace keyrite::ceremony
