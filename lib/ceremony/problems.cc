// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"

namespace keyrite::ceremony {

TomlPlace Problems::place_of(std::string_view pointer) const {
  std::string path(pointer);
  while (true) {
    const auto found = places_.find(path);
    if (found != places_.end()) return found->second;
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {.line = 1, .column = 1};
    path.resize(slash);
  }
}

void Problems::add(std::string_view pointer, std::string_view what) {
  found_.push_back({place_of(pointer), printable(what)});
}

void Problems::add_unknown(std::string_view pointer, std::string_view what, std::string_view word,
                           const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  add(pointer, fmt::format("there is no {} \"{}\"{}", what, word,
                           near ? fmt::format("; did you mean \"{}\"?", *near) : std::string()));
}

void Problems::require_none() const {
  if (found_.empty()) return;
  auto sorted = found_;
  std::ranges::stable_sort(
      sorted, {}, [](const Found& one) { return std::pair(one.place.line, one.place.column); });
  std::string text = fmt::format(
      "{} in the ceremony {}:",
      sorted.size() == 1 ? "there is one error" : fmt::format("there are {} errors", sorted.size()),
      printable(origin_));
  for (const auto& one : sorted)
    text += fmt::format("\nline {}, column {}: {}", one.place.line, one.place.column, one.what);
  throw Error(Kind::kConfig, "ceremony-invalid", text,
              "correct the file, and run keyrite ceremony check again; docs/formats/ceremony.md "
              "describes each field");
}

}  // namespace keyrite::ceremony
