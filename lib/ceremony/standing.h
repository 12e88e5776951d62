// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a ceremony stands, by its file and by what the log says of it: what came of each step, and
// what is next. Pure; the file and the story outlive it; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ceremony/model.h"
#include "ceremony/records.h"
#include "ceremony/story.h"

namespace keyrite::ceremony {

class Standing {
 public:
  Standing(const Ceremony& ceremony, const Story& story) : ceremony_(ceremony), story_(story) {}

  // The last record of the step; nullptr: none yet.
  [[nodiscard]] const ToldStep* record_of(const Step& step) const;
  // Done, or not to be done: nothing more comes of it.
  [[nodiscard]] bool is_settled(const Step& step) const;
  // The step that failed where the file has no other way on than to abort; nullptr: none.
  [[nodiscard]] const Step* failed_for_good() const;
  // The first step that is not settled; nullptr: the steps are over.
  [[nodiscard]] const Step* next() const;
  // The first teardown step that nothing is told of: one that failed is not done again.
  [[nodiscard]] const Step* next_teardown() const;
  // Why a step is not done, where it is not: only_if is not met, or it is the alternative of a step
  // that went well. Of a step whose condition is not known yet: nullopt too.
  [[nodiscard]] std::optional<StepOutcome> passed_over(const Step& step) const;
  // The last act of the step whose result is done; nullptr: there is none.
  [[nodiscard]] const ToldAct* act_of(const Step& step) const;
  // An act of the step began and its end is not told by a record of the step.
  [[nodiscard]] std::vector<const ToldAct*> acts_since_record(const Step& step) const;

 private:
  [[nodiscard]] bool has_outcome(const ToldStep* told, StepOutcome outcome) const;
  [[nodiscard]] const Step* first_open(const std::vector<Step>& steps) const;
  const Ceremony& ceremony_;
  const Story& story_;
};

// The words of an alternative that was chosen at a step; empty: none.
[[nodiscard]] std::string chosen_words(const Step& step, const ToldStep& told);

}  // namespace keyrite::ceremony
