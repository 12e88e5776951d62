// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/ceremony_use.h"

#include <fmt/format.h>

#include "transcript/entry_fields.h"
#include "transcript/event.h"

namespace keyrite::act {

Json CeremonyUse::to_json() const {
  return {{"id", id}, {"file_sha256", file_sha256}, {"step", step}};
}

const Json* ceremony_use_in(const Json& entry) {
  if (!entry.is_object() || transcript::entry_text(entry, "event") != transcript::kIntent)
    return nullptr;
  const auto found = entry.find(kCeremonyField);
  return found == entry.end() || !found->is_object() ? nullptr : &*found;
}

std::string step_member(std::uint32_t step, std::string_view member) {
  return fmt::format("step.{}.{}", step, member);
}

}  // namespace keyrite::act
