// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Members of what an entry says, read without trusting its form. What is not of the wanted type is
// not there. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"

namespace keyrite::report {

// null where there is none.
[[nodiscard]] inline const Json& member_in(const Json& object, const char* name) {
  static const Json none{};
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found != object.end() ? *found : none;
}
[[nodiscard]] inline std::string text_in(const Json& object, const char* name) {
  const Json& member = member_in(object, name);
  return member.is_string() ? member.get<std::string>() : std::string();
}
[[nodiscard]] inline std::int64_t number_in(const Json& object, const char* name) {
  const Json& member = member_in(object, name);
  return member.is_number_integer() ? member.get<std::int64_t>() : 0;
}

}  // namespace keyrite::report
