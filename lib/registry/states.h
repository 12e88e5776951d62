// The states that a registry knows, which of them follow which, and what a version of a key may do
// in each: one table each (SP 800-57 part 1, section 7). The database holds the same rows and
// docs/formats/registry.md prints them; a test compares the three. Constants, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keyrite::registry {

// kNone: what is written before its log entry, and what is not there yet.
enum class TenantState : std::uint8_t { kNone, kActive, kSuspended, kOffboarding, kForgotten };
enum class VersionState : std::uint8_t {
  kNone,
  kPreActivation,
  kActive,
  kSuspended,
  kDeactivated,
  kCompromised,
  kDestroyed
};
enum class CopyState : std::uint8_t {
  kNone,
  kExpected,  // it should be there, and nobody has seen it yet
  kPresent,
  kMissing,             // it was there, and was not found
  kDestructionPending,  // it was told to go, and nobody has looked again
  kDestroyed,
  kGivenAway  // a bundle or a backup that left: nobody here can look
};
enum class PlacementState : std::uint8_t {
  kNone,
  kAsked,  // for import parameters
  kWrapped,
  kWithdrawn,  // what was wrapped or asked for is not to be imported
  kImported,
  kDifferent,  // the cloud holds another key
  kProven,
  kAccepted,  // by an officer, until a day
  kServing,
  kDisabled,
  kDeletionScheduled,
  kDeleted
};

// What an enumerator is called in database, log and output. A table that has `words`.
template <class Enum>
struct WordTable;
template <>
struct WordTable<TenantState> {
  static constexpr std::array<std::string_view, 5> words{"none", "active", "suspended",
                                                         "offboarding", "forgotten"};
};
template <>
struct WordTable<VersionState> {
  static constexpr std::array<std::string_view, 7> words{
      "none", "pre-activation", "active", "suspended", "deactivated", "compromised", "destroyed"};
};
template <>
struct WordTable<CopyState> {
  static constexpr std::array<std::string_view, 7> words{
      "none", "expected", "present", "missing", "destruction-pending", "destroyed", "given-away"};
};
template <>
struct WordTable<PlacementState> {
  static constexpr std::array<std::string_view, 12> words{
      "none",   "asked",    "wrapped", "withdrawn", "imported",           "different",
      "proven", "accepted", "serving", "disabled",  "deletion-scheduled", "deleted"};
};

template <class Enum>
[[nodiscard]] constexpr std::string_view word(Enum value) {
  return WordTable<Enum>::words.at(static_cast<std::size_t>(value));
}
// nullopt: no such word.
template <class Enum>
[[nodiscard]] constexpr std::optional<Enum> from_word(std::string_view text) {
  for (std::size_t i = 0; i < WordTable<Enum>::words.size(); ++i) {
    if (WordTable<Enum>::words[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// Whose states: "tenant", "version", "copy", "placement".
enum class Subject : std::uint8_t { kTenant, kVersion, kCopy, kPlacement };
template <>
struct WordTable<Subject> {
  static constexpr std::array<std::string_view, 4> words{"tenant", "version", "copy", "placement"};
};
template <class State>
struct SubjectOf;
template <>
struct SubjectOf<TenantState> {
  static constexpr Subject value = Subject::kTenant;
};
template <>
struct SubjectOf<VersionState> {
  static constexpr Subject value = Subject::kVersion;
};
template <>
struct SubjectOf<CopyState> {
  static constexpr Subject value = Subject::kCopy;
};
template <>
struct SubjectOf<PlacementState> {
  static constexpr Subject value = Subject::kPlacement;
};

struct LegalTransition {
  Subject subject{};
  std::string_view from{};
  std::string_view to{};
};

// Nothing leaves "destroyed", "deleted" and "forgotten".
inline constexpr std::array<LegalTransition, 65> kLegalTransitions{{
    {Subject::kTenant, "none", "active"},
    {Subject::kTenant, "active", "suspended"},
    {Subject::kTenant, "active", "offboarding"},
    {Subject::kTenant, "suspended", "active"},
    {Subject::kTenant, "suspended", "offboarding"},
    {Subject::kTenant, "offboarding", "active"},
    {Subject::kTenant, "offboarding", "forgotten"},

    {Subject::kVersion, "none", "pre-activation"},
    {Subject::kVersion, "pre-activation", "active"},
    {Subject::kVersion, "pre-activation", "compromised"},
    {Subject::kVersion, "pre-activation", "destroyed"},
    {Subject::kVersion, "active", "suspended"},
    {Subject::kVersion, "active", "deactivated"},
    {Subject::kVersion, "active", "compromised"},
    {Subject::kVersion, "suspended", "active"},
    {Subject::kVersion, "suspended", "deactivated"},
    {Subject::kVersion, "suspended", "compromised"},
    {Subject::kVersion, "deactivated", "compromised"},
    {Subject::kVersion, "deactivated", "destroyed"},
    {Subject::kVersion, "compromised", "destroyed"},

    {Subject::kCopy, "none", "expected"},
    {Subject::kCopy, "none", "present"},
    {Subject::kCopy, "none", "given-away"},
    {Subject::kCopy, "expected", "present"},
    {Subject::kCopy, "expected", "missing"},
    {Subject::kCopy, "expected", "destroyed"},
    {Subject::kCopy, "present", "missing"},
    {Subject::kCopy, "present", "destruction-pending"},
    {Subject::kCopy, "present", "given-away"},
    {Subject::kCopy, "missing", "present"},
    {Subject::kCopy, "missing", "destruction-pending"},
    {Subject::kCopy, "missing", "destroyed"},
    {Subject::kCopy, "destruction-pending", "present"},
    {Subject::kCopy, "destruction-pending", "destroyed"},
    {Subject::kCopy, "given-away", "present"},
    {Subject::kCopy, "given-away", "destroyed"},

    {Subject::kPlacement, "none", "asked"},
    {Subject::kPlacement, "none", "wrapped"},
    {Subject::kPlacement, "asked", "wrapped"},
    {Subject::kPlacement, "asked", "withdrawn"},
    {Subject::kPlacement, "wrapped", "imported"},
    {Subject::kPlacement, "wrapped", "withdrawn"},
    {Subject::kPlacement, "withdrawn", "asked"},
    {Subject::kPlacement, "withdrawn", "wrapped"},
    {Subject::kPlacement, "imported", "proven"},
    {Subject::kPlacement, "imported", "accepted"},
    {Subject::kPlacement, "imported", "different"},
    {Subject::kPlacement, "imported", "deletion-scheduled"},
    {Subject::kPlacement, "proven", "serving"},
    {Subject::kPlacement, "proven", "different"},
    {Subject::kPlacement, "proven", "deletion-scheduled"},
    {Subject::kPlacement, "accepted", "proven"},
    {Subject::kPlacement, "accepted", "serving"},
    {Subject::kPlacement, "accepted", "different"},
    {Subject::kPlacement, "accepted", "deletion-scheduled"},
    {Subject::kPlacement, "serving", "disabled"},
    {Subject::kPlacement, "serving", "imported"},
    {Subject::kPlacement, "serving", "different"},
    {Subject::kPlacement, "serving", "deletion-scheduled"},
    {Subject::kPlacement, "disabled", "imported"},
    {Subject::kPlacement, "disabled", "serving"},
    {Subject::kPlacement, "disabled", "deletion-scheduled"},
    {Subject::kPlacement, "different", "deletion-scheduled"},
    {Subject::kPlacement, "deletion-scheduled", "disabled"},
    {Subject::kPlacement, "deletion-scheduled", "deleted"},
}};

[[nodiscard]] constexpr bool is_legal(Subject subject, std::string_view from, std::string_view to) {
  for (const auto& one : kLegalTransitions) {
    if (one.subject == subject && one.from == from && one.to == to) return true;
  }
  return false;
}

// What somebody wants of a version's bits.
enum class Use : std::uint8_t {
  kProve,            // show that it is the key it should be: canary, challenge, activation
  kWrap,             // and encrypt, sign, MAC, derive anew
  kUnwrapService,    // give a service back what it wrapped
  kUnwrapForRewrap,  // move a record to another version
};
enum class Answer : std::uint8_t { kNo, kYes, kByPolicy };
template <>
struct WordTable<Answer> {
  static constexpr std::array<std::string_view, 3> words{"no", "yes", "policy"};
};
template <>
struct WordTable<Use> {
  static constexpr std::array<std::string_view, 4> words{"prove", "wrap", "unwrap", "rewrap"};
};

struct Permission {
  VersionState state{};
  std::array<Answer, 4> answers{};  // in the order of Use
};
// SP 800-57 part 1, 7.2: before activation a key is proven and nothing else; deactivated keys
// process what there is. A frozen version does nothing, whatever its state.
inline constexpr std::array<Permission, 7> kPermissions{{
    {VersionState::kNone, {Answer::kNo, Answer::kNo, Answer::kNo, Answer::kNo}},
    {VersionState::kPreActivation, {Answer::kYes, Answer::kNo, Answer::kNo, Answer::kNo}},
    {VersionState::kActive, {Answer::kYes, Answer::kYes, Answer::kYes, Answer::kYes}},
    {VersionState::kSuspended, {Answer::kYes, Answer::kNo, Answer::kNo, Answer::kNo}},
    {VersionState::kDeactivated, {Answer::kYes, Answer::kNo, Answer::kYes, Answer::kYes}},
    {VersionState::kCompromised, {Answer::kYes, Answer::kNo, Answer::kByPolicy, Answer::kYes}},
    {VersionState::kDestroyed, {Answer::kNo, Answer::kNo, Answer::kNo, Answer::kNo}},
}};

[[nodiscard]] constexpr Answer answer_of(VersionState state, Use use) {
  return kPermissions.at(static_cast<std::size_t>(state)).answers.at(static_cast<std::size_t>(use));
}

// What a key's policy says about its compromised versions: services may still read, or all stops.
enum class WhenCompromised : std::uint8_t { kRead, kStop };
template <>
struct WordTable<WhenCompromised> {
  static constexpr std::array<std::string_view, 2> words{"read", "stop"};
};

[[nodiscard]] constexpr bool may(VersionState state, bool frozen, Use use, WhenCompromised policy) {
  if (frozen) return false;
  const Answer answer = answer_of(state, use);
  return answer == Answer::kYes ||
         (answer == Answer::kByPolicy && policy == WhenCompromised::kRead);
}

}  // namespace keyrite::registry
