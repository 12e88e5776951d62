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

std::vector<const Step*> Ceremony::acts() const {
  std::vector<const Step*> acts;
  for (const auto* list : {&steps, &teardown}) {
    for (const auto& step : *list) {
      if (step.kind == StepKind::kAct) acts.push_back(&step);
    }
  }
  return acts;
}

const Step* Ceremony::site_step() const {
  const auto found = std::ranges::find(steps, kOpenSiteAct, &Step::act);
  return found == steps.end() ? nullptr : &*found;
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
