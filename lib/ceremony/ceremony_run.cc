// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/ceremony_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/as_begun.h"
#include "site/layout.h"

namespace keyrite::ceremony {

namespace {

void show_nothing(const act::Outcome& /*outcome*/) {}

}  // namespace

CeremonyRun::CeremonyRun(const Stage& stage, CeremonyFile file, Bindings bindings, Mode mode)
    : stage_(stage),
      dialogue_(stage.context, stage.columns),
      log_(stage.context.site.value().site),
      id_(act::random_id()),
      file_(std::move(file)),
      bindings_(std::move(bindings)),
      mode_(mode),
      folder_(site(), id_) {
  bindings_.require_fixed(file_.ceremony);
  dialogue_.deviation = [this](const Answer& answer) { deviate(answer); };
}

namespace {

std::string meant_in(const site::Site& site, const std::optional<std::string>& id) {
  LogWatch log(site);
  log.read_on();
  return log.meant(id).id;
}

}  // namespace

CeremonyRun::CeremonyRun(const Stage& stage, const std::optional<std::string>& id,
                         const std::vector<std::string>& more)
    : stage_(stage),
      dialogue_(stage.context, stage.columns),
      log_(stage.context.site.value().site),
      id_(meant_in(stage.context.site->site, id)),
      begun_(true),
      mode_(Mode::kLive),
      folder_(site(), id_) {
  hold();
  log_.read_on();
  mode_ = story().mode == word_of(Mode::kRehearsal) ? Mode::kRehearsal : Mode::kLive;
  file_ = folder_.file(story().file_sha256);
  bindings_ = folder_.bindings(file_.ceremony);
  require_bindings_as_begun(file_.ceremony, bindings_, story(), site());
  bindings_.add(Bindings::of(more, file_.ceremony), file_.ceremony);
  folder_.save(bindings_);
  dialogue_.deviation = [this](const Answer& answer) { deviate(answer); };
}

const Story& CeremonyRun::story() const {
  if (const Story* story = log_.named(id_)) return *story;
  throw Error(Kind::kVerification, "ceremony-not-opened",
              fmt::format("the log does not tell of the ceremony {} any more", id_),
              "keyrite transcript verify says what is wrong with the log");
}

// One process at a time: another one would do an act that this one is about to do.
void CeremonyRun::hold() {
  held_ = act::HeldFile::take(site(), "ceremony-" + id_);
  if (held_) return;
  throw Error(Kind::kFailed, "ceremony-running",
              fmt::format("another process runs the ceremony {} at this moment", id_),
              "go on there, or end that process first");
}

act::Act CeremonyRun::opening() const {
  return open_ceremony({.id = id_, .file = file_, .mode = mode_, .bindings = bindings_});
}

void CeremonyRun::open() {
  hold();
  folder_.create(file_, bindings_);
  try {
    (void)stage_.runner.run(opening(), show_nothing);
  } catch (const Error& error) {
    // What may have begun is kept: resume needs it.
    if (error.kind() != Kind::kUnknownOutcome) folder_.remove();
    throw;
  }
  begun_ = true;
  log_.read_on();
}

void CeremonyRun::settle() {
  (void)stage_.runner.resume({}, [this](const act::Outcome& outcome) {
    if (!outcome.document.value("settled", Json::array()).empty()) stage_.show(outcome);
  });
  log_.read_on();
}

void CeremonyRun::record(const StepRecord& record) {
  (void)stage_.runner.run(record_step(record), show_nothing);
  log_.read_on();
}

StepRecord CeremonyRun::record_of(const Step& step, StepOutcome outcome) const {
  return {.ceremony = id_, .step = step.number, .kind = words_of(step.kind), .outcome = outcome};
}

void CeremonyRun::deviate(const Answer& answer) {
  const auto number = static_cast<std::uint32_t>(story().deviations.size() + 1);
  (void)stage_.runner.run(record_deviation({.ceremony = id_,
                                            .number = number,
                                            .step = step_,
                                            .text = answer.text,
                                            .asked = answer.asked,
                                            .answered = answer.answered}),
                          show_nothing);
  log_.read_on();
  dialogue_.say(
      fmt::format("Deviation no. {} is in the log. Write the number on its sheet.", number));
}

std::optional<std::string> CeremonyRun::value_of(const std::string& name) const {
  const Standing now = standing();
  return KnownValues(file_.ceremony, bindings_, now, site().path(site::kTextsName)).of(name);
}

std::string CeremonyRun::shown_text(const std::string& text) const {
  return shown(text, [this](const std::string& name) { return value_of(name); });
}

void CeremonyRun::run() {
  if (begun_) {
    settle();
  } else {
    open();
  }
  require_under_way();
  come_in();
  do_steps();
  finish();
}

void CeremonyRun::require_under_way() {
  log_.read_on();
  if (!story().ending.empty()) {
    throw Error(
        Kind::kFailed, "ceremony-over",
        fmt::format("the ceremony {} is over: {} at {}", id_, story().ending, story().ended),
        "keyrite ceremony report writes its minutes");
  }
  if (!ending_ && stage_.context.now() > parse_rfc3339(story().until, "until")) {
    throw Error(Kind::kVerification, "ceremony-over-time",
                fmt::format("the ceremony had to end by {}", story().until),
                "abort it (keyrite ceremony abort), and begin another one");
  }
}

void CeremonyRun::do_steps() {
  while (true) {
    require_under_way();
    if (const Step* failed = standing().failed_for_good()) after_failure(*failed);
    const Step* step = standing().next();
    if (step == nullptr) return;
    do_step(*step);
  }
}

void CeremonyRun::do_step(const Step& step) {
  step_ = step.number;
  if (const auto outcome = standing().passed_over(step)) {
    pass_over(step, *outcome);
    return;
  }
  announce(step);
  switch (step.kind) {
    case StepKind::kAct:
      act_step(step);
      break;
    case StepKind::kCompare:
      compare(step);
      break;
    case StepKind::kRecord:
      record_answer(step);
      break;
    case StepKind::kAwait:
      await(step);
      break;
    case StepKind::kChoose:
      choose(step);
      break;
    case StepKind::kPause:
      pause(step);
      break;
    case StepKind::kConfirm:
    case StepKind::kWitness:
    case StepKind::kNote:
      by_person(step);
      break;
  }
}

void CeremonyRun::pass_over(const Step& step, StepOutcome outcome) {
  dialogue_.rule();
  dialogue_.say(fmt::format("Step {} is not done: {}. {}", step.number,
                            outcome == StepOutcome::kNotChosen
                                ? fmt::format("it is for \"{}\"", step.only_if_words)
                                : fmt::format("step \"{}\" did not fail", step.instead_of),
                            step.title));
  record(record_of(step, outcome));
}

// A ceremony ends, whatever its teardown can still do.
void CeremonyRun::tear_down(const Step& step) {
  try {
    ending_ = true;
    do_step(step);
  } catch (const Error& error) {
    if (error.kind() == Kind::kWaiting || error.kind() == Kind::kUsage) throw;
    dialogue_.say(fmt::format("FAILED: {}", error.message()));
    auto record = record_of(step, StepOutcome::kFailed);
    record.failure = act::Words::code(error);
    this->record(record);
  }
}

void CeremonyRun::end_early(const std::string& reason) {
  settle();
  while (true) {
    const Step* step = standing().next_teardown();
    if (step == nullptr) break;
    tear_down(*step);
  }
  (void)stage_.runner.run(
      close_ceremony({.ceremony = id_,
                      .ending = Ending::kAborted,
                      .deviations = static_cast<std::uint32_t>(story().deviations.size()),
                      .reason = reason}),
      show_nothing);
  log_.read_on();
  dialogue_.rule();
  dialogue_.say("The ceremony is aborted. What its steps made is still there:");
  for (const auto& act : story().acts) {
    if (act.outcome == "done")
      dialogue_.say(fmt::format("step {}: {}, entry {}", act.step, act.act, act.result_entry), 2);
  }
  show_fingerprint();
}

std::string CeremonyRun::last_words() const {
  const auto left_out =
      std::ranges::count(story().told, word_of(StepOutcome::kNotRehearsed), &ToldStep::outcome);
  if (left_out != 0)
    return fmt::format("The rehearsal is over. {} steps need a cloud, and were left out.",
                       left_out);
  const auto deviations = story().deviations.size();
  return deviations != 0 ? fmt::format("All steps are done, with {} deviations.", deviations)
                         : std::string("All steps are done, as the script says.");
}

void CeremonyRun::finish() {
  const bool deviated = !story().deviations.empty();
  (void)stage_.runner.run(
      close_ceremony({.ceremony = id_,
                      .ending = deviated ? Ending::kCompletedWithDeviations : Ending::kCompleted,
                      .deviations = static_cast<std::uint32_t>(story().deviations.size())}),
      show_nothing);
  log_.read_on();
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
