// The events of a log: the one table of what an entry may record, its fields, who can have written
// it, and its place in its run. keyrite checks entries by it before it signs them. Static and
// immutable, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"

namespace keyrite::transcript {

// The values of "event" (docs/formats/transcript.md).
inline constexpr std::string_view kOpened = "opened";
inline constexpr std::string_view kIntent = "intent";
// What one part of an act did, of which the act has many (act/parts.h).
inline constexpr std::string_view kPart = "part";
inline constexpr std::string_view kResult = "result";
inline constexpr std::string_view kSettled = "settled";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kApprovalRequested = "approval-requested";
inline constexpr std::string_view kTruncated = "truncated";
inline constexpr std::string_view kDropped = "dropped";
inline constexpr std::string_view kUnvouched = "unvouched";
inline constexpr std::string_view kClockConfirmed = "clock-confirmed";
// A person said what the last signed checkpoint was, whose file was lost.
inline constexpr std::string_view kLastSignedAccepted = "last-signed-accepted";

// Whether it can be written by who has no PIN of the token.
enum class WrittenBy : std::uint8_t {
  kTokenHolder,
  kAnybody,
  kByItsAct,  // an act at the token: its holder; an act on files: anybody
};
enum class PlaceInRun : std::uint8_t {
  kFirst,   // one in a log
  kBefore,  // the run has no open intent
  kOpens,
  kWithin,  // the run has an open intent, and keeps it
  kCloses,
  kFree,
};
enum class FieldForm : std::uint8_t { kText, kTime, kRun, kHash, kCount, kObject, kList, kOutcome };

struct EventField {
  std::string_view name{};
  FieldForm form{FieldForm::kText};
};
// An entry may have more fields than these.
struct EventRule {
  std::string_view event{};
  WrittenBy by{WrittenBy::kTokenHolder};
  PlaceInRun place{PlaceInRun::kFree};
  std::vector<EventField> fields{};
};

// nullptr for an event that keyrite never writes.
[[nodiscard]] const EventRule* event_rule(std::string_view event);
// Acts that need no token: nobody can tell who wrote their entries.
[[nodiscard]] bool is_act_on_files(std::string_view act);
// The first field of the rule that the entry has not, or in another form; empty when all are right.
// "keys" and "outputs", where an entry has them, are of their form too.
[[nodiscard]] std::string_view wrong_field(const EventRule& rule, const Json& entry);

}  // namespace keyrite::transcript
