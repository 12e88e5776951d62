// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/standing.h"

#include <algorithm>

#include "transcript/outcome.h"

namespace keyrite::ceremony {

const ToldStep* Standing::record_of(const Step& step) const {
  const ToldStep* last = nullptr;
  for (const auto& told : story_.told) {
    if (told.step == step.number) last = &told;
  }
  return last;
}

bool Standing::has_outcome(const ToldStep* told, StepOutcome outcome) const {
  return told != nullptr && told->outcome == word_of(outcome);
}

bool Standing::is_settled(const Step& step) const {
  const ToldStep* told = record_of(step);
  if (told == nullptr) return false;
  if (!has_outcome(told, StepOutcome::kFailed)) return true;
  return step.on_failure == OnFailure::kAlternative;
}

const Step* Standing::failed_for_good() const {
  const auto found = std::ranges::find_if(ceremony_.steps, [this](const Step& step) {
    return has_outcome(record_of(step), StepOutcome::kFailed) &&
           step.on_failure == OnFailure::kAbort;
  });
  return found == ceremony_.steps.end() ? nullptr : &*found;
}

const Step* Standing::first_open(const std::vector<Step>& steps) const {
  const auto found =
      std::ranges::find_if(steps, [this](const Step& step) { return !is_settled(step); });
  return found == steps.end() ? nullptr : &*found;
}

const Step* Standing::next() const { return first_open(ceremony_.steps); }

const Step* Standing::next_teardown() const {
  const auto found = std::ranges::find_if(
      ceremony_.teardown, [this](const Step& step) { return record_of(step) == nullptr; });
  return found == ceremony_.teardown.end() ? nullptr : &*found;
}

std::optional<StepOutcome> Standing::passed_over(const Step& step) const {
  if (!step.only_if_step.empty()) {
    const Step* chosen = ceremony_.step_named(step.only_if_step);
    const ToldStep* told = record_of(*chosen);
    if (told == nullptr || chosen_words(*chosen, *told) != step.only_if_words)
      return StepOutcome::kNotChosen;
  }
  if (!step.instead_of.empty()) {
    const Step* other = ceremony_.step_named(step.instead_of);
    if (!has_outcome(record_of(*other), StepOutcome::kFailed)) return StepOutcome::kNotNeeded;
  }
  return std::nullopt;
}

const ToldAct* Standing::act_of(const Step& step) const {
  const ToldAct* last = nullptr;
  for (const auto& act : story_.acts) {
    if (act.step == step.number && act.outcome == transcript::kOutcomeDone) last = &act;
  }
  return last;
}

std::vector<const ToldAct*> Standing::acts_since_record(const Step& step) const {
  const ToldStep* told = record_of(step);
  std::vector<const ToldAct*> acts;
  for (const auto& act : story_.acts) {
    const bool later = told == nullptr || act.intent_entry > told->entry;
    if (act.step == step.number && later) acts.push_back(&act);
  }
  return acts;
}

std::string chosen_words(const Step& step, const ToldStep& told) {
  if (!told.choice || *told.choice >= step.alternatives.size()) return {};
  return step.alternatives[*told.choice].words;
}

}  // namespace keyrite::ceremony
