// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/site_comparison.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/records.h"

namespace keyrite::ceremony {

namespace {

// A time that is none is none before the log.
bool is_before(const std::string& answered, const std::string& opened) {
  try {
    return parse_rfc3339(answered, "answered_at") <= parse_rfc3339(opened, "time");
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<Difference> differences_of_site(const Ceremony& ceremony, const Story& story) {
  std::vector<Difference> found;
  const Step* opening = ceremony.site_step();
  if (opening == nullptr) return found;
  if (!story.begins_log)
    found.push_back({"site-opened-otherwise", story.intent_entry,
                     "the file makes the site, and the log does not begin with this ceremony"});
  for (const auto& told : story.told) {
    if (told.step == kBeforeSteps || told.step > opening->number) continue;
    // Nobody answered where a rehearsal had nothing from outside.
    if (told.outcome == word_of(StepOutcome::kNotRehearsed)) continue;
    if (is_before(told.answered_at, story.log_opened)) continue;
    found.push_back({"entered-otherwise", told.entry,
                     fmt::format("step {} comes before the site in the file, and was answered when "
                                 "the log was there",
                                 told.step)});
  }
  return found;
}

}  // namespace keyrite::ceremony
