// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/ceremony_use.h"

#include <charconv>
#include <cstddef>
#include <system_error>

#include <fmt/format.h>

#include "transcript/entry_fields.h"
#include "transcript/event.h"

namespace keyrite::act {

Json CeremonyUse::to_json() const {
  Json json{{"id", id}, {"file_sha256", file_sha256}, {"step", step}};
  if (!request.empty()) json["request"] = request;
  return json;
}

const Json* ceremony_use_in(const Json& entry) {
  if (!entry.is_object() || transcript::entry_text(entry, "event") != transcript::kIntent)
    return nullptr;
  const auto found = entry.find(kCeremonyField);
  return found == entry.end() || !found->is_object() ? nullptr : &*found;
}

std::string title_member(std::uint32_t step) { return fmt::format("{}.{}", kStepTitle, step); }

std::pair<std::uint32_t, std::string> step_of_member(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return {};
  const auto kind = name.substr(0, dot);
  const auto rest = name.substr(dot + 1);
  std::uint32_t step = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), step);
  const auto after = rest.substr(static_cast<std::size_t>(read.ptr - rest.data()));
  if (read.ec != std::errc()) return {};
  if (kind == kStepTitle && after.empty()) return {step, kStepTitle};
  if (kind == "step" && after.starts_with('.')) return {step, std::string(after.substr(1))};
  return {};
}

std::string step_member(std::uint32_t step, std::string_view member) {
  return fmt::format("step.{}.{}", step, member);
}

}  // namespace keyrite::act
