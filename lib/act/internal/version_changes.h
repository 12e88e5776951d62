// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The fields of one change that an entry tells of, as take_change reads them; and the changes of
// versions, of their copies, and of what is wrapped under them. Part of a transaction; one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "registry/states.h"
#include "registry/transaction.h"

namespace keyrite::act {

// Error kConfig "registry-change-unknown".
[[noreturn]] void refuse_unknown(std::string_view what);

// Empty, 0 or nullopt where nothing is said.
[[nodiscard]] std::string text_of(const Json& object, const char* name);
[[nodiscard]] std::int64_t number_of(const Json& object, const char* name);
[[nodiscard]] std::optional<std::string> optional_text(const Json& object, const char* name);
[[nodiscard]] std::optional<registry::Time> optional_time(const Json& object, const char* name);

// nullopt where nothing is said. Error kConfig "registry-change-unknown".
template <class Enum>
std::optional<Enum> optional_word(const Json& object, const char* name) {
  const auto text = optional_text(object, name);
  if (!text) return std::nullopt;
  const auto known = registry::from_word<Enum>(*text);
  if (!known) refuse_unknown(*text);
  return known;
}

template <class Enum>
Enum word_of(const Json& object, const char* name) {
  const auto known = optional_word<Enum>(object, name);
  if (!known) refuse_unknown(name);
  return *known;
}

// Whether this very entry brought about that state.
template <class State>
bool is_told(const std::vector<registry::StateEvent>& events, State state,
             const registry::Mark& mark) {
  return std::ranges::any_of(events, [&](const registry::StateEvent& event) {
    return event.mark.entry == mark.entry && event.to == registry::word(state);
  });
}

// Each takes one member of a change. False: the registry does not have what it is about.
[[nodiscard]] bool take_version(registry::Stores& stores, const Json& change,
                                const registry::Mark& mark);
[[nodiscard]] bool take_frozen(registry::Stores& stores, const Json& change,
                               const registry::Mark& mark);
[[nodiscard]] bool take_copy(registry::Stores& stores, const Json& change,
                             const registry::Mark& mark);
[[nodiscard]] bool take_dek(registry::Stores& stores, const Json& change,
                            const registry::Mark& mark);

}  // namespace keyrite::act
