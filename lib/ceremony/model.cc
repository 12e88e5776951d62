// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/model.h"

#include <algorithm>

namespace keyrite::ceremony {

const Step* Ceremony::step_named(const std::string& name) const {
  for (const auto* list : {&steps, &teardown}) {
    const auto found = std::ranges::find(*list, name, &Step::name);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

const Input* Ceremony::input_named(const std::string& name) const {
  const auto found = std::ranges::find(inputs, name, &Input::name);
  return found == inputs.end() ? nullptr : &*found;
}

std::int64_t Ceremony::planned_minutes() const {
  std::int64_t sum = 0;
  for (const auto& step : steps) {
    if (step.instead_of.empty()) sum += step.minutes;
  }
  return sum;
}

}  // namespace keyrite::ceremony
