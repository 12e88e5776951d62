// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// An act that is a step of a ceremony: what its entry says of that, and what the entry that opened
// the ceremony says of its steps. Plain data and names of fields; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace keyrite::act {

inline constexpr const char* kOpenCeremonyAct = "ceremony-open";
inline constexpr const char* kCeremonyStepAct = "ceremony-step";
inline constexpr const char* kDeviationAct = "ceremony-deviation";
inline constexpr const char* kCloseCeremonyAct = "ceremony-close";

// The member of an intent.
inline constexpr const char* kCeremonyField = "ceremony";
// In the inputs of the intent that opens a ceremony, instead of a value that is bound later.
inline constexpr const char* kFreshValue = "fresh";

struct CeremonyUse {
  std::string id{};           // 32 digits of hex, made when the ceremony began
  std::string file_sha256{};  // of the ceremony's file
  std::uint32_t step{};       // its number in the file, from 1
  // Of an act whose intent has not its whole request: the step's, as the ceremony was begun with
  // it, in pseudonyms. Without what is bound later; empty: none.
  Json request = Json::object();
  [[nodiscard]] Json to_json() const;
};

// What an entry says of the ceremony in which it acted: a member of its intent. nullptr: it is no
// intent, or has none.
[[nodiscard]] const Json* ceremony_use_in(const Json& entry);

// Of each step, for officers: "title.3".
inline constexpr const char* kStepTitle = "title";
[[nodiscard]] std::string title_member(std::uint32_t step);
// The step of such a name, and its member: {3, "label"}, {3, "title"}; {0, ""}: it is of no step.
[[nodiscard]] std::pair<std::uint32_t, std::string> step_of_member(std::string_view name);

// The name of an input of the intent that opens a ceremony: "step.3.label"; `member` may be "act".
[[nodiscard]] std::string step_member(std::uint32_t step, std::string_view member);

}  // namespace keyrite::act
