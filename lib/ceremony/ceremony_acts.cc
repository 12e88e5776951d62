// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The steps that are acts: shown, done by the Runner, and told from the log.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/registry_rows.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/act_flow.h"
#include "ceremony/as_begun.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/planned_request.h"
#include "ceremony/step_acts.h"
#include "transcript/event.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

namespace {

// The acts of a step go by its number; outside of one nothing does.
class UseOfStep {
 public:
  UseOfStep(act::CeremonyUse& use, const std::string& id, const Step& step,
            const std::string& file_sha256)
      : use_(use) {
    use_ = {.id = id, .file_sha256 = file_sha256, .step = step.number};
  }
  UseOfStep(const UseOfStep&) = delete;
  UseOfStep& operator=(const UseOfStep&) = delete;
  ~UseOfStep() { use_ = {}; }

 private:
  act::CeremonyUse& use_;
};

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::vector<std::string> texts;
  for (const auto& one : value) texts.push_back(text_of(one));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<std::string> missing_inputs(const Step& step, const Ceremony& ceremony,
                                        const Bindings& bindings) {
  std::vector<std::string> missing;
  for (const auto& [name, value] : step.fields) {
    for (const auto& reference : references_in(value)) {
      const bool known = ceremony.input_named(reference) == nullptr || bindings.value(reference);
      if (!known && std::ranges::find(missing, reference) == missing.end())
        missing.push_back(reference);
    }
  }
  return missing;
}

// The process cannot go on by itself: somebody else is waited for, or nobody knows what was done.
bool ends_run(const Error& error) {
  return error.kind() == Kind::kWaiting || error.kind() == Kind::kPin ||
         error.kind() == Kind::kUnknownOutcome || error.kind() == Kind::kInternal ||
         error.code() == "interrupted";
}

}  // namespace

// The result of an act that was done, and whose step the run could not record any more. Only what
// the log's key vouches for, and only of an act that cannot be done twice: another one is done
// again.
const ToldAct* CeremonyRun::done_before(const Step& step) const {
  const ActRow& row = *find_act(step.act);
  if (!row.one_act || row.lasting.empty()) return nullptr;
  for (const ToldAct* act : standing().acts_since_record(step)) {
    if (act->vouched && act->outcome == transcript::kOutcomeDone) return act;
  }
  return nullptr;
}

std::vector<std::string> CeremonyRun::runs_of(const Step& step) const {
  std::vector<std::string> runs;
  for (const ToldAct* act : standing().acts_since_record(step)) runs.push_back(act->run);
  return runs;
}

void CeremonyRun::act_step(const Step& step) {
  if (const ToldAct* done = done_before(step)) {
    dialogue_.say("The log has the result of this act already.");
    auto record = record_of(step, StepOutcome::kDone);
    record.runs = {done->run};
    this->record(record);
    return;
  }
  const bool settled =
      std::ranges::any_of(standing().acts_since_record(step),
                          [](const ToldAct* act) { return act->outcome == transcript::kSettled; });
  if (settled)
    dialogue_.say(
        "An earlier try of this step was interrupted. What the token has of it is said "
        "above, and in the log.");
  if (!bind_missing(step, missing_inputs(step, file_.ceremony, bindings_))) return;
  do_act(step);
}

void CeremonyRun::do_act(const Step& step) {
  const ActRow& row = *find_act(step.act);
  const auto planned =
      planned_request(step, [this](const std::string& name) { return value_of(name); });
  if (!planned.later.empty() && mode_ == Mode::kRehearsal) {
    dialogue_.say("A rehearsal has nothing from outside: this step is left out.");
    record(record_of(step, StepOutcome::kNotRehearsed));
    return;
  }
  if (!planned.later.empty()) {
    throw Error(Kind::kFailed, "ceremony-value-unknown",
                fmt::format("step \"{}\" needs {}, which no earlier step made", step.name,
                            fmt::join(planned.later, ", ")),
                "the log does not tell it: abort the ceremony");
  }
  require_step_as_begun(
      step, [this](const std::string& name) { return value_of(name); }, story(), site());
  dialogue_.say(fmt::format("keyrite {}", step.act), 2);
  for (const auto& field : planned.request.fields) {
    if (field.is_set())
      dialogue_.say(fmt::format("{}: {}", field.info().name, printable(text_of(field.value()))), 4);
  }
  if (!row.lasting.empty())
    dialogue_.say(fmt::format("This cannot be undone: {}.", row.lasting), 2);
  const Answer answer = dialogue_.ask_words("go");
  require_under_way();
  try {
    auto flow = start_flow(row, planned.request, stage_.context);
    const UseOfStep use(stage_.use, id_, step, file_.ceremony.sha256);
    int code = 0;
    while (const auto act = flow.next()) {
      try {
        code = std::max(code, stage_.runner.run(*act, stage_.show).code);
      } catch (const Error& error) {
        if (ends_run(error) || !flow.failed(error)) throw;
      }
    }
    for (const auto& line : flow.text()) dialogue_.say(line);
    if (const auto error = flow.error()) throw Error(*error);
    require_reached(std::max(code, flow.code()));
  } catch (const Error& error) {
    log_.read_on();
    if (ends_run(error)) throw;
    act_failed(step, error);
    return;
  }
  log_.read_on();
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  record.runs = runs_of(step);
  this->record(record);
}

bool CeremonyRun::left_out() const {
  return std::ranges::any_of(story().told, [](const ToldStep& told) {
    return told.outcome == word_of(StepOutcome::kNotRehearsed);
  });
}

void CeremonyRun::act_failed(const Step& step, const Error& error) {
  dialogue_.line();
  dialogue_.say(fmt::format("FAILED: {}", error.message()));
  if (!error.hint().empty()) dialogue_.say(fmt::format("hint: {}", error.hint()));
  dialogue_.say(fmt::format("code: {}", error.code()));
  if (mode_ == Mode::kRehearsal && left_out()) {
    dialogue_.say("An earlier step was left out, because it needs a cloud. So is this one.");
    this->record(record_of(step, StepOutcome::kNotRehearsed));
    return;
  }
  auto record = record_of(step, StepOutcome::kFailed);
  record.failure = act::Words::code(error);
  record.runs = runs_of(step);
  this->record(record);
  after_failure(step);
}

}  // namespace keyrite::ceremony
