// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The ceremony that makes its site: what people do before, the site, and the log that begins with
// all of it.
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "ceremony/act_flow.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/planned_request.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

CeremonyRun::CeremonyRun(const Stage& stage, KeptOpening kept)
    : stage_(stage),
      dialogue_(stage.context, stage.columns),
      id_(std::move(kept.id)),
      file_(std::move(kept.file)),
      bindings_(std::move(kept.bindings)),
      mode_(kept.mode),
      early_(std::move(kept.records)),
      kept_path_(kept_opening_path(site().folder)) {
  found_site();
  log().read_on();
  begun_ = log().named(id_) != nullptr;
  if (begun_) hold();
  dialogue_.deviation = [this](const Answer& answer) { deviate(answer); };
}

void CeremonyRun::begin_without_site() {
  try {
    come_in();
    dialogue_.say(
        "There is no log yet. Each person signs each step on paper until there is one; then all of "
        "it is entered.");
    while (const Step* step = standing().next()) {
      if (step->act == kOpenSiteAct) {
        make_site(*step);
        return;
      }
      do_step(*step);
    }
  } catch (const Error& error) {
    if (error.code() != "ceremony-left" || has_site()) throw;
    throw Error(error.kind(), error.code(), "the ceremony was left before there was a site",
                "nothing was made: run the same command again, from its first step");
  }
}

void CeremonyRun::make_site(const Step& step) {
  step_ = step.number;
  announce(step);
  // A rehearsal has nothing from outside, as a roster: it is left out.
  if (mode_ == Mode::kLive && !bind_missing(step, fresh_inputs_of(step, file_.ceremony))) return;
  const auto planned =
      planned_request(step, [this](const std::string& name) { return value_of(name); });
  const ActRow& row = *find_act(step.act);
  show_request(step, planned.request);
  dialogue_.say(fmt::format("This cannot be undone: {}.", row.lasting), 2);
  const Answer answer = dialogue_.ask_words("go");
  auto flow = start_flow(row, planned.request, stage_.context);
  const std::string folder = field_text(planned.request, "folder");
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  early_.take(record);
  kept_path_ = kept_opening_path(folder);
  keep_opening(kept_path_,
               {.id = id_, .file = file_, .mode = mode_, .bindings = bindings_, .records = early_});
  try {
    (void)stage_.runner.run(flow.next().value(), stage_.show);
  } catch (const Error& error) {
    // Whatever may have been made is looked at before it is made again.
    if (error.kind() != Kind::kUnknownOutcome) forget_opening(kept_path_);
    throw;
  }
  stage_.site_made(folder);
  found_site();
}

// The log has some of them already where this was interrupted.
void CeremonyRun::enter_early_records() {
  if (kept_path_.empty()) return;
  const auto acts = early_.acts();
  const std::size_t entered = story().told.size() + story().deviations.size();
  for (std::size_t i = entered; i < acts.size(); ++i)
    (void)stage_.runner.run(acts[i], [](const act::Outcome& /*outcome*/) {});
  log().read_on();
  forget_opening(kept_path_);
  kept_path_.clear();
  dialogue_.say(
      fmt::format("The log begins with this ceremony, {}. What was done before is in it.", id_));
}

}  // namespace keyrite::ceremony
