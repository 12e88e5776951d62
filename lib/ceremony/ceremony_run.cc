// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/ceremony_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/awaits_approval.h"
#include "act/registry_rows.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/as_begun.h"
#include "ceremony/open_step.h"
#include "site/layout.h"

namespace keyrite::ceremony {

namespace {

void show_nothing(const act::Outcome& /*outcome*/) {}

void require_site_as_needed(const act::Context& context, const Ceremony& ceremony) {
  const bool makes_site = ceremony.site_step() != nullptr;
  if (makes_site && context.site) {
    throw Error(Kind::kUsage, "ceremony-makes-site",
                "a step of this ceremony makes the site, and the command names one",
                "leave --site and KEYRITE_SITE out; name the token with --token");
  }
  if (!makes_site && !context.site) {
    throw Error(Kind::kUsage, "site-not-given", "a ceremony needs a site, whose log records it",
                "give --site, or set KEYRITE_SITE");
  }
}

}  // namespace

CeremonyRun::CeremonyRun(const Stage& stage, CeremonyFile file, Bindings bindings, Mode mode)
    : stage_(stage),
      dialogue_(stage.context, stage.columns),
      id_(act::random_id()),
      file_(std::move(file)),
      bindings_(std::move(bindings)),
      mode_(mode) {
  bindings_.require_fixed(file_.ceremony);
  require_site_as_needed(stage.context, file_.ceremony);
  if (stage.context.site) found_site();
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
      id_(meant_in(stage.context.site.value().site, id)),
      begun_(true),
      mode_(Mode::kLive) {
  found_site();
  hold();
  log().read_on();
  mode_ = story().mode == word_of(Mode::kRehearsal) ? Mode::kRehearsal : Mode::kLive;
  file_ = folder_->file(story().file_sha256);
  bindings_ = folder_->bindings(file_.ceremony);
  require_bindings_as_begun(file_.ceremony, bindings_, story(), site());
  more_ = Bindings::of(more, file_.ceremony);
  Bindings tried = bindings_;
  tried.add(more_, file_.ceremony);
  dialogue_.deviation = [this](const Answer& answer) { deviate(answer); };
}

void CeremonyRun::found_site() {
  log_.emplace(site());
  folder_.emplace(site(), id_);
}

const Story& CeremonyRun::story() const {
  if (!has_site()) return early_.story();
  if (const Story* story = log_->named(id_)) return *story;
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
  folder_->create(file_, bindings_);
  try {
    (void)stage_.runner.run(opening(), show_nothing);
  } catch (const Error& error) {
    // What may have begun is kept: resume needs it.
    if (error.kind() != Kind::kUnknownOutcome) folder_->remove();
    throw;
  }
  begun_ = true;
  log().read_on();
}

void CeremonyRun::settle() {
  (void)stage_.runner.resume({}, [this](const act::Outcome& outcome) {
    if (!outcome.document.value("settled", Json::array()).empty()) stage_.show(outcome);
  });
  log().read_on();
}

void CeremonyRun::record(const StepRecord& record) {
  if (!has_site()) {
    early_.take(record);
    return;
  }
  (void)stage_.runner.run(record_step(record), show_nothing);
  log().read_on();
}

StepRecord CeremonyRun::record_of(const Step& step, StepOutcome outcome) const {
  return {.ceremony = id_, .step = step.number, .kind = words_of(step.kind), .outcome = outcome};
}

void CeremonyRun::deviate(const Answer& answer) {
  const DeviationRecord record{.ceremony = id_,
                               .number = static_cast<std::uint32_t>(story().deviations.size() + 1),
                               .step = step_,
                               .text = answer.text,
                               .asked = answer.asked,
                               .answered = answer.answered};
  if (has_site()) {
    (void)stage_.runner.run(record_deviation(record), show_nothing);
    log().read_on();
  } else {
    early_.take(record);
  }
  dialogue_.say(fmt::format("Deviation no. {} is in the log{}. Write the number on its sheet.",
                            record.number, has_site() ? "" : " when there is one"));
}

std::optional<std::string> CeremonyRun::value_of(const std::string& name) const {
  const Standing now = standing();
  if (!has_site()) {
    const auto dot = name.find('.');
    const Step* step =
        dot == std::string::npos ? nullptr : file_.ceremony.step_named(name.substr(0, dot));
    const bool answer = step != nullptr && name.substr(dot + 1) == "answer";
    return answer ? early_.answer_of(step->number)
                  : KnownValues(file_.ceremony, bindings_, now, {}).of(name);
  }
  return KnownValues(file_.ceremony, bindings_, now, site().path(site::kTextsName)).of(name);
}

std::string CeremonyRun::shown_text(const std::string& text) const {
  return shown(text, [this](const std::string& name) { return value_of(name); });
}

void CeremonyRun::run() {
  if (!has_site()) begin_without_site();
  if (begun_) {
    settle();
  } else {
    open();
  }
  if (stage_.begun) stage_.begun(id_);
  ending_ = story().is_being_aborted();
  require_under_way();
  if (ending_) {
    end_aborted();
    throw Error(Kind::kFailed, "ceremony-aborted",
                fmt::format("the ceremony {} was being aborted, and is aborted now", id_),
                fmt::format("keyrite ceremony report {} --out FILE writes the minutes", id_));
  }
  const bool came_in = !present_.empty();
  enter_early_records();
  if (!more_.values().empty()) keep_bound(more_);
  // Who made the site is still there.
  if (!came_in) come_in();
  do_steps();
  finish();
}

void CeremonyRun::require_under_way() {
  if (!has_site()) return;
  log().read_on();
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
  try {
    do_by_kind(step);
  } catch (const act::AwaitsApproval& waits) {
    throw act::AwaitsApproval(
        Error(waits.kind(), waits.code(), waits.message(),
              fmt::format("{}\nThat command is keyrite ceremony resume {}", waits.hint(), id_)),
        waits.awaited());
  } catch (const Error& error) {
    if (is_outage(error) || error.kind() == Kind::kPin) throw with_way_on(error, id_);
    throw;
  }
}

void CeremonyRun::do_by_kind(const Step& step) {
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

}  // namespace keyrite::ceremony
