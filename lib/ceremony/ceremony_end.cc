// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// How a ceremony ends: aborted with its teardown, or with all of its steps.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/open_step.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

// A ceremony ends, whatever its teardown can still do.
void CeremonyRun::tear_down(const Step& step) {
  try {
    do_step(step);
  } catch (const Error& error) {
    const bool open = leaves_step_open(error) && error.kind() != Kind::kInternal;
    if (open || error.kind() == Kind::kUsage) throw;
    dialogue_.say(fmt::format("FAILED: {}", error.message()));
    auto record = record_of(step, StepOutcome::kFailed);
    record.failure = act::Words::code(error);
    this->record(record);
  }
}

// Each step of a teardown asks somebody. Without a terminal it is not begun: a ceremony that the
// log says is being aborted, and that nobody can end there, is worse than one that waits.
void CeremonyRun::require_people_for_teardown() const {
  const Step* step = standing().next_teardown();
  const bool nobody = !stage_.columns || stage_.columns() == 0;
  if (step == nullptr || !nobody) return;
  throw Error(Kind::kUsage, "terminal-missing",
              fmt::format("teardown step \"{}\" asks the {}, and there is no terminal: nothing was "
                          "begun",
                          printable(shown_text(step->title)), step->role),
              "run the command at a terminal");
}

// The log has it before anything of it is done: whoever is interrupted goes on with it.
void CeremonyRun::end_early(const std::string& reason) {
  require_people_for_teardown();
  settle();
  if (!story().is_being_aborted()) {
    record({.ceremony = id_,
            .step = kBeforeSteps,
            .kind = {"abort"},
            .outcome = StepOutcome::kDone,
            .text = reason});
  }
  end_aborted();
}

void CeremonyRun::end_aborted() {
  require_people_for_teardown();
  ending_ = true;
  dialogue_.rule();
  dialogue_.say(fmt::format(
      "The ceremony is being aborted since {}, and its reason is in the log.{}", story().abort_at,
      file_.ceremony.teardown.empty() ? "" : " Its teardown steps follow."));
  while (const Step* step = standing().next_teardown()) tear_down(*step);
  close(Ending::kAborted);
  dialogue_.rule();
  list_made();
  show_fingerprint();
}

void CeremonyRun::close(Ending ending) {
  (void)stage_.runner.run(
      close_ceremony({.ceremony = id_,
                      .ending = ending,
                      .deviations = static_cast<std::uint32_t>(story().deviations.size())}),
      [](const act::Outcome& /*outcome*/) {});
  log().read_on();
}

// By the names that people look for it with.
void CeremonyRun::list_made() const {
  bool any = false;
  const auto steps = file_.ceremony.acts();
  for (const auto& act : story().acts) {
    if (act.outcome != transcript::kOutcomeDone) continue;
    const auto step =
        std::ranges::find(steps, act.step, [](const Step* one) { return one->number; });
    if (step == steps.end() || find_act((*step)->act)->lasting.empty()) continue;
    if (!std::exchange(any, true))
      dialogue_.say("The ceremony is aborted. What its steps made is still there:");
    std::string made;
    for (const char* name : {"label", "id", "out", "verification-out"}) {
      if (const auto value = value_of(fmt::format("{}.{}", (*step)->name, name)))
        made += fmt::format(", {} {}", name, printable(*value));
    }
    dialogue_.say(
        fmt::format("step {}: {}{} (entry {})", act.step, (*step)->act, made, act.result_entry), 2);
  }
  if (!any) dialogue_.say("The ceremony is aborted. Its steps made nothing that lasts.");
}

// " At step 5 "short" was chosen.", of each step at which people chose; may be empty.
std::string CeremonyRun::choices() const {
  std::string text;
  for (const auto& step : file_.ceremony.steps) {
    const ToldStep* told = standing().record_of(step);
    const std::string words = told == nullptr ? std::string() : chosen_words(step, *told);
    if (!words.empty())
      text += fmt::format(" At step {} \"{}\" was chosen.", step.number, printable(words));
  }
  return text;
}

std::string CeremonyRun::last_words() const {
  const auto left_out =
      std::ranges::count(story().told, word_of(StepOutcome::kNotRehearsed), &ToldStep::outcome);
  if (left_out != 0)
    return fmt::format("The rehearsal is over. {} a cloud, and {} left out.{}",
                       left_out == 1 ? "1 step needs" : fmt::format("{} steps need", left_out),
                       left_out == 1 ? "was" : "were", choices());
  const auto deviations = story().deviations.size();
  const std::string with =
      deviations == 0 ? std::string() : fmt::format(", with {}", counted(deviations, "deviation"));
  for (const auto& step : file_.ceremony.steps) {
    const ToldStep* told = standing().record_of(step);
    if (told == nullptr || told->outcome != word_of(StepOutcome::kFailed)) continue;
    return fmt::format("The ceremony is over{}. Step {} failed, and its alternative was done.{}",
                       with, step.number, choices());
  }
  return (deviations == 0 ? std::string("All steps are done, as the script says.")
                          : fmt::format("All steps are done{}.", with)) +
         choices();
}

void CeremonyRun::finish() {
  close(story().deviations.empty() ? Ending::kCompleted : Ending::kCompletedWithDeviations);
  dialogue_.rule();
  dialogue_.say(last_words());
  for (const auto& duty : file_.ceremony.duties)
    dialogue_.say(fmt::format("Afterwards ({}): {}", duty.role, shown_text(duty.text)), 2);
  show_fingerprint();
}

Json CeremonyRun::document() const {
  Json steps = Json::array();
  const Story& told = story();
  for (const auto& one : told.told) {
    if (one.step == kBeforeSteps) continue;
    steps.push_back({{"step", one.step},
                     {"kind", one.kind},
                     {"outcome", one.outcome},
                     {"failure", text_or_null(one.failure)},
                     {"entry", one.entry}});
  }
  return {{"id", id_},         {"file_sha256", file_.ceremony.sha256},
          {"mode", told.mode}, {"ending", text_or_null(told.ending)},
          {"steps", steps},    {"deviations", told.deviations.size()}};
}

}  // namespace keyrite::ceremony
