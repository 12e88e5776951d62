// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/known_values.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "act/typed_text.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

// NOLINTNEXTLINE(misc-no-recursion): as deep as steps refer to earlier ones
std::optional<std::string> KnownValues::of(const std::string& name) const {
  if (ceremony_.input_named(name) != nullptr) return bindings_.value(name);
  const auto dot = name.find('.');
  const Step* step = dot == std::string::npos ? nullptr : ceremony_.step_named(name.substr(0, dot));
  if (step == nullptr) return std::nullopt;
  const std::string member = name.substr(dot + 1);
  if (step->kind == StepKind::kRecord && member == "answer") return typed(*step);
  if (auto value = given(*step, member)) return value;
  return made(*step, member);
}

// NOLINTNEXTLINE(misc-no-recursion): as of()
std::optional<std::string> KnownValues::given(const Step& step, const std::string& field) const {
  const auto found =
      std::ranges::find_if(step.fields, [&](const auto& one) { return one.first == field; });
  if (found == step.fields.end() || !found->second.is_string()) return std::nullopt;
  return resolved(std::string_view(found->second.get_ref<const std::string&>()), function());
}

std::optional<std::string> KnownValues::made(const Step& step, const std::string& output) const {
  const ActRow* row = find_act(step.act);
  const ToldAct* act = standing_.act_of(step);
  if (row == nullptr || act == nullptr) return std::nullopt;
  const auto listed = std::ranges::find(row->outputs, output, &ActOutput::name);
  if (listed == row->outputs.end()) return std::nullopt;
  const Json::json_pointer place{std::string(listed->pointer)};
  if (!act->facts.contains(place) || !act->facts.at(place).is_string()) return std::nullopt;
  return act->facts.at(place).get<std::string>();
}

std::optional<std::string> KnownValues::typed(const Step& step) const {
  const ToldStep* told = standing_.record_of(step);
  if (told == nullptr || told->text_sha256.empty()) return std::nullopt;
  return act::kept_text(texts_, told->text_sha256);
}

}  // namespace keyrite::ceremony
