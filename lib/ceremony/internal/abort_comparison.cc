// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/abort_comparison.h"

#include <fmt/format.h>

#include "ceremony/records.h"

namespace keyrite::ceremony {

std::vector<Difference> differences_of_abort(const Ceremony& ceremony, const Story& story) {
  std::vector<Difference> found;
  if (story.abort_entry == 0) return found;
  if (story.ending != "aborted" && !story.ending.empty())
    found.push_back({"step-after-abort", story.ending_entry,
                     "it was being aborted, and its end says that it was completed"});
  for (const auto& told : story.told) {
    const bool teardown = told.step > ceremony.steps.size();
    const bool after = told.entry > story.abort_entry;
    if (told.step == kBeforeSteps || teardown == after) continue;
    found.push_back(
        {"step-after-abort", told.entry,
         teardown
             ? fmt::format("teardown step {} was done before the ceremony was aborted", told.step)
             : fmt::format("step {} was done when the ceremony was being aborted", told.step)});
  }
  return found;
}

}  // namespace keyrite::ceremony
