// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A ceremony as its file says it (docs/formats/ceremony.md): who takes part, what must be there,
// which values come from outside, and the steps in their order. Plain data, made by
// ceremony/file.h alone, and never changed; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace keyrite::ceremony {

inline constexpr int kCeremonyVersion = 1;
// The act that makes the site.
inline constexpr std::string_view kOpenSiteAct = "init-site";

// The role that confirms deviations.
inline constexpr std::string_view kWitnessRole = "witness";

struct Role {
  std::string name{};  // "security-officer": a role of the roster where check-in is by signature
  std::int64_t people{1};
  std::string duty{};  // one sentence for the paper
};

// What lies on the table.
struct Material {
  std::string name{};
  std::int64_t quantity{1};
  std::string serial{};  // empty: none is expected
};

// What is to be done when all is over, by whom.
struct Duty {
  std::string text{};
  std::string role{};
};

enum class CheckIn : std::uint8_t { kName, kSignature };

// How strict a ceremony is with people.
struct People {
  CheckIn check_in{CheckIn::kName};
  bool independent_witness{false};  // the minutes have a block for a signature from outside
};

enum class InputKind : std::uint8_t { kText, kFile, kFolder, kOutput };
// Fixed: part of what officers approve. Fresh: bound when it is there, compared in the room.
enum class BoundWhen : std::uint8_t { kFixed, kFresh };

// A value that does not stand in the file: --bind NAME=VALUE.
struct Input {
  std::string name{};
  InputKind kind{InputKind::kText};
  BoundWhen when{BoundWhen::kFixed};
  std::string help{};
  std::string cloud{};      // of fresh import parameters: whose, so that a rehearsal makes some
  std::string rehearsal{};  // of a text: its value in a rehearsal that binds none
};

enum class StepKind : std::uint8_t {
  kAct,
  kConfirm,
  kCompare,
  kRecord,
  kWitness,
  kNote,
  kPause,
  kAwait,
  kChoose
};

struct Alternative {
  std::string words{};  // typed to choose it, and its name in only_if
  std::string text{};
};

enum class OnFailure : std::uint8_t { kAbort, kRetry, kAlternative };

struct Step {
  std::uint32_t number{};  // from 1; teardown steps count on
  std::string name{};      // one word, unique in the file
  StepKind kind{};
  std::string title{};
  std::string text{};  // read aloud; what an act does where the file says nothing
  std::string role{};  // who does it
  std::int64_t minutes{0};
  // kAct: the command ("generate-kek", "wrap-for-import aws") and the fields of its request.
  std::string act{};
  std::vector<std::pair<std::string, Json>> fields{};
  // kConfirm, kWitness, kNote (empty there): exact words to be typed.
  std::string words{};
  // kCompare: the value that the screen shows, a reference, and where people have the other one
  // from.
  std::string value{};
  std::string channel{};
  // kRecord: "text", "time", "hex", "number".
  std::string form{};
  // kAwait: inputs that must be there.
  std::vector<std::string> inputs{};
  // kChoose
  std::vector<Alternative> alternatives{};
  // "STEP=WORDS": done only where that kChoose step was answered so; both empty: always.
  std::string only_if_step{};
  std::string only_if_words{};
  OnFailure on_failure{OnFailure::kAbort};
  // Of an alternative: the step in whose place it is done, if that one failed; else empty. The
  // failing step's on_failure is kAlternative then.
  std::string instead_of{};
};

// A step that makes what a rehearsal needs and a real site has: an act on the throw-away site.
struct Setup {
  std::string act{};
  std::vector<std::pair<std::string, Json>> fields{};
};

struct Ceremony {
  std::string title{};
  std::string purpose{};
  People people{};
  std::int64_t valid_days{7};  // from its beginning
  std::vector<Role> roles{};
  std::vector<Material> materials{};
  std::vector<std::string> preconditions{};
  std::vector<Duty> duties{};
  std::vector<Input> inputs{};
  std::vector<Step> steps{};
  std::vector<Step> teardown{};  // done when it is aborted
  std::vector<Setup> rehearsal{};
  std::string sha256{};  // of the file's bytes

  [[nodiscard]] const Step* step_named(const std::string& name) const;
  // The steps that are acts, those of the teardown last.
  [[nodiscard]] std::vector<const Step*> acts() const;
  // The step that makes the site; nullptr: it is there before the ceremony begins.
  [[nodiscard]] const Step* site_step() const;
  [[nodiscard]] const Input* input_named(const std::string& name) const;
  [[nodiscard]] std::int64_t planned_minutes() const;
};

// The words of the file, in the order of the enumerators.
inline constexpr std::array<std::string_view, 2> kCheckInWords{"name", "signature"};
inline constexpr std::array<std::string_view, 4> kInputKindWords{"text", "file", "folder",
                                                                 "output"};
inline constexpr std::array<std::string_view, 2> kBoundWhenWords{"fixed", "fresh"};
inline constexpr std::array<std::string_view, 9> kStepKindWords{
    "act", "confirm", "compare", "record", "witness", "note", "pause", "await", "choose"};
inline constexpr std::array<std::string_view, 3> kOnFailureWords{"abort", "retry", "alternative"};

[[nodiscard]] constexpr std::string_view word_of(StepKind kind) {
  return kStepKindWords.at(static_cast<std::size_t>(kind));
}

}  // namespace keyrite::ceremony
