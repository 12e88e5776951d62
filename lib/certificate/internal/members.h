// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Members of what an entry says, read without trusting its form: 0.1.0 signed whatever a log had.
// What is not of the wanted type is not there. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace keyrite::certificate {

[[nodiscard]] inline std::string text_in(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

[[nodiscard]] inline std::int64_t number_in(const Json& object, const char* name) {
  if (!object.is_object()) return 0;
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// null where there is none.
[[nodiscard]] inline const Json& member_of(const Json& object, const char* name) {
  static const Json none{};
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found != object.end() ? *found : none;
}

// Empty where there is no list.
[[nodiscard]] inline const Json& list_in(const Json& object, const char* name) {
  static const Json none = Json::array();
  const Json& list = member_of(object, name);
  return list.is_array() ? list : none;
}

}  // namespace keyrite::certificate
