// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/bindings.h"

#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/presence.h"
#include "base/text.h"

namespace keyrite::ceremony {

namespace {

std::vector<std::string> names_of(const Ceremony& ceremony) {
  std::vector<std::string> names;
  for (const auto& input : ceremony.inputs) names.push_back(input.name);
  return names;
}

const Input& known_input(const Ceremony& ceremony, const std::string& name) {
  if (const Input* input = ceremony.input_named(name)) return *input;
  const auto names = names_of(ceremony);
  const auto near = nearest(name, names);
  throw Error(Kind::kUsage, "bind-unknown",
              fmt::format("the ceremony has no input \"{}\"", printable(name)),
              near ? fmt::format("did you mean {}?", *near)
                   : fmt::format("its inputs are {}", fmt::join(names, ", ")));
}

// A ceremony goes on later from another folder.
std::string value_of(const Input& input, const std::string& given) {
  return input.kind == InputKind::kText ? given : real_place(given).native();
}

}  // namespace

Bindings Bindings::of(const std::vector<std::string>& words, const Ceremony& ceremony) {
  Bindings bindings;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
      throw Error(Kind::kUsage, "bind-invalid",
                  fmt::format("\"{}\" is not NAME=VALUE", printable(word)),
                  "give each input as --bind NAME=VALUE");
    }
    const auto& input = known_input(ceremony, word.substr(0, equals));
    const bool added =
        bindings.values_.try_emplace(input.name, value_of(input, word.substr(equals + 1))).second;
    if (!added) {
      throw Error(Kind::kUsage, "bind-invalid", fmt::format("\"{}\" is bound twice", input.name),
                  "give each input once");
    }
  }
  return bindings;
}

Bindings Bindings::from_json(const Json& json, const std::string& origin,
                             const Ceremony& ceremony) {
  Bindings bindings;
  const JsonView view(json, origin);
  if (!json.is_object()) (void)view.at("");
  for (const auto& [name, value] : json.items())
    bindings.values_[known_input(ceremony, name).name] = view.text(name);
  return bindings;
}

std::optional<std::string> Bindings::value(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

void Bindings::add(const Bindings& more, const Ceremony& ceremony) {
  for (const auto& [name, value] : more.values_) {
    const auto known = values_.find(name);
    const bool fixed = ceremony.input_named(name)->when == BoundWhen::kFixed;
    if (known != values_.end() && known->second != value && fixed) {
      throw Error(
          Kind::kUsage, "bind-differs",
          fmt::format("\"{}\" was bound to \"{}\" when the ceremony began, and is now bound "
                      "to \"{}\"",
                      name, printable(known->second), printable(value)),
          "leave it out: a fixed input keeps its value");
    }
    if (fixed && known == values_.end()) {
      throw Error(Kind::kUsage, "bind-differs",
                  fmt::format("\"{}\" had no value when the ceremony began", name),
                  "abort this ceremony, and begin another one");
    }
    values_[name] = value;
  }
}

void Bindings::require_fixed(const Ceremony& ceremony) const {
  std::vector<std::string> missing;
  for (const auto& input : ceremony.inputs) {
    if (input.when == BoundWhen::kFixed && !values_.contains(input.name))
      missing.push_back(fmt::format("{} ({})", input.name, printable(input.help)));
  }
  if (missing.empty()) return;
  throw Error(Kind::kUsage, "bind-missing",
              fmt::format("the ceremony needs values for: {}", fmt::join(missing, "; ")),
              "give each as --bind NAME=VALUE");
}

Json Bindings::to_json() const {
  Json json = Json::object();
  for (const auto& [name, value] : values_) json[name] = value;
  return json;
}

}  // namespace keyrite::ceremony
