// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/minutes_of_log.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "act/typed_text.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/known_values.h"
#include "ceremony/records.h"
#include "ceremony/standing.h"
#include "ceremony/step_acts.h"
#include "transcript/entry_fields.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

namespace {

using transcript::entry_text;

bool has_outcome(const ToldStep& told, StepOutcome outcome) {
  return told.outcome == word_of(outcome);
}

std::int64_t minutes_between(const std::string& from, const std::string& until) {
  try {
    return std::chrono::floor<std::chrono::minutes>(parse_rfc3339(until, "until") -
                                                    parse_rfc3339(from, "from"))
        .count();
  } catch (const Error&) {
    return 0;
  }
}

class Writing {
 public:
  explicit Writing(const MinutesSource& source)
      : source_(source), standing_(source.ceremony, source.story) {}

  Minutes all() {
    head();
    people();
    for (const auto& step : source_.ceremony.steps) minutes_.steps.push_back(step_of(step));
    if (minutes_.ended == Ended::kAborted) {
      for (const auto& step : source_.ceremony.teardown) minutes_.teardown.push_back(step_of(step));
    }
    deviations();
    for (const auto& one : source_.verification.differences) {
      minutes_.differences.push_back(one.entry
                                         ? fmt::format("Entry {}: {}.", *one.entry, one.sentence)
                                         : fmt::format("{}.", one.sentence));
    }
    return std::move(minutes_);
  }

 private:
  [[nodiscard]] std::optional<std::string> text(const std::string& sha256) const {
    if (sha256.empty()) return std::nullopt;
    return act::kept_text(source_.texts, sha256);
  }

  [[nodiscard]] std::string shown_text(const std::string& raw) const {
    const KnownValues values(source_.ceremony, source_.bindings, standing_, source_.texts);
    return shown(raw, values.function());
  }

  void head() {
    const auto& ceremony = source_.ceremony;
    const auto& story = source_.story;
    minutes_.title = ceremony.title;
    minutes_.purpose = ceremony.purpose;
    minutes_.file_sha256 = ceremony.sha256;
    minutes_.run = story.id;
    minutes_.mode = story.mode == word_of(Mode::kRehearsal) ? Mode::kRehearsal : Mode::kLive;
    minutes_.ended = story.ending.empty()        ? Ended::kUnfinished
                     : story.ending == "aborted" ? Ended::kAborted
                                                 : Ended::kCompleted;
    minutes_.began_at = story.begun;
    minutes_.ended_at = story.ended;
    const auto abort = std::ranges::find(story.told, std::string(kAbortKind), &ToldStep::kind);
    if (abort != story.told.end()) minutes_.abort_reason = text(abort->text_sha256).value_or("");
    token();
    approvals();
    for (const auto& [name, value] : source_.bindings.values())
      minutes_.inputs.emplace_back(name, value);
    minutes_.planned_minutes = ceremony.planned_minutes();
    minutes_.used_minutes = minutes_between(story.begun, story.ended);
    minutes_.duties = ceremony.duties;
    minutes_.independent_witness = ceremony.people.independent_witness;
    minutes_.fingerprint = {.origin = source_.head.origin,
                            .size = source_.head.head.size,
                            .root = to_hex(source_.head.head.root),
                            .checkpoint = source_.checkpoint};
    minutes_.tool = source_.tool;
    minutes_.made_at = format_rfc3339(source_.made_at);
  }

  void token() {
    const Json token = transcript::entry_object(source_.story.intent, "token");
    for (const char* name : {"manufacturer", "model", "serial", "firmware"}) {
      if (const std::string value = entry_text(token, name); !value.empty())
        minutes_.token.emplace_back(name, value);
    }
  }

  void approvals() {
    const auto& intent = source_.story.intent;
    minutes_.statement_sha256 = entry_text(intent, "approval", "statement_sha256");
    for (const auto& person : transcript::entry_list(intent, "approval", "by")) {
      std::string roles;
      for (const auto& role : transcript::entry_texts(person, "roles"))
        roles += (roles.empty() ? "" : ", ") + role;
      minutes_.approved_by.push_back({.name = entry_text(person, "identity"), .role = roles});
    }
  }

  void people() {
    for (const auto& told : source_.story.told) {
      if (told.kind != "check-in" || !told.role || *told.role >= source_.ceremony.roles.size())
        continue;
      minutes_.people.push_back(
          {.name = text(told.text_sha256).value_or("erased"),
           .role = source_.ceremony.roles[*told.role].name,
           .how = told.signature_sha256.empty() ? CheckIn::kName : CheckIn::kSignature,
           .at = told.answered_at,
           .entry = told.entry});
    }
  }

  [[nodiscard]] Happened happened(const Step& step, const ToldStep* told,
                                  std::uint32_t failures) const {
    if (told == nullptr)
      return standing_.acts_since_record(step).empty() ? Happened::kNotReached : Happened::kUnknown;
    if (has_outcome(*told, StepOutcome::kNotChosen)) return Happened::kNotChosen;
    if (has_outcome(*told, StepOutcome::kNotNeeded)) return Happened::kNotNeeded;
    if (has_outcome(*told, StepOutcome::kNotRehearsed)) return Happened::kNotRehearsed;
    if (has_outcome(*told, StepOutcome::kFailed))
      return step.on_failure == OnFailure::kAlternative ? Happened::kReplaced : Happened::kFailed;
    return failures == 0 ? Happened::kDone : Happened::kDoneAfterFailure;
  }

  StepMinutes step_of(const Step& step) const {
    StepMinutes one{.number = step.number,
                    .name = step.name,
                    .title = shown_text(step.title),
                    .role = step.role,
                    .kind = step.kind,
                    .act = step.act,
                    .planned_minutes = step.minutes};
    const ToldStep* last = standing_.record_of(step);
    for (const auto& told : source_.story.told) {
      if (told.step != step.number) continue;
      one.entries.push_back(told.entry);
      if (&told != last && has_outcome(told, StepOutcome::kFailed)) ++one.failures;
      if (!told.failure.empty()) one.because = fmt::format("The act failed: {}.", told.failure);
    }
    one.happened = happened(step, last, one.failures);
    if (last != nullptr) answer(step, *last, one);
    acts(step, one);
    return one;
  }

  void answer(const Step& step, const ToldStep& told, StepMinutes& one) const {
    one.asked_at = told.asked_at;
    one.answered_at = told.answered_at;
    if (one.happened == Happened::kNotChosen)
      one.because = fmt::format("It is for \"{}\".", step.only_if_words);
    // It went well, or a rehearsal left it out.
    if (one.happened == Happened::kNotNeeded)
      one.because = fmt::format("Step \"{}\" did not fail.", step.instead_of);
    if (!has_outcome(told, StepOutcome::kDone)) return;
    if (step.kind == StepKind::kChoose) one.answer = chosen_words(step, told);
    if (!told.text_sha256.empty()) one.answer = text(told.text_sha256).value_or("erased");
    if (step.kind == StepKind::kConfirm || step.kind == StepKind::kWitness)
      one.answer = shown_text(step.words);
  }

  // What an auditor looks for: the entries of its acts, and what they made.
  void acts(const Step& step, StepMinutes& one) const {
    for (const auto& act : source_.story.acts) {
      if (act.step != step.number) continue;
      one.entries.push_back(act.intent_entry);
      if (act.result_entry != 0) one.entries.push_back(act.result_entry);
    }
    std::ranges::sort(one.entries);
    const ActRow* row = find_act(step.act);
    if (row == nullptr) return;
    const KnownValues values(source_.ceremony, source_.bindings, standing_, source_.texts);
    // By its label people find a key that is there.
    const auto label = values.of(step.name + ".label");
    if (!row->lasting.empty() && standing_.act_of(step) != nullptr && label)
      one.results.emplace_back("label", *label);
    for (const auto& output : row->outputs) {
      if (const auto value = values.of(fmt::format("{}.{}", step.name, output.name)))
        one.results.emplace_back(std::string(output.name), *value);
    }
  }

  // Who had come in as witness by then; of several nobody knows which one typed the word.
  [[nodiscard]] std::string witnesses_at(std::uint64_t entry) const {
    std::map<std::uint64_t, std::string> names;
    for (const auto& told : source_.story.told) {
      if (told.entry >= entry || told.kind != "check-in" || !told.role || !told.person) continue;
      const auto& roles = source_.ceremony.roles;
      if (*told.role < roles.size() && roles[*told.role].name == kWitnessRole)
        names[*told.person] = text(told.text_sha256).value_or("erased");
    }
    std::string all;
    for (const auto& [person, name] : names) all += (all.empty() ? "" : " or ") + name;
    return all;
  }

  void deviations() {
    for (const auto& told : source_.story.deviations) {
      minutes_.deviations.push_back({.number = told.number,
                                     .step = told.step,
                                     .text = text(told.text_sha256),
                                     .text_sha256 = told.text_sha256,
                                     .confirmed_by = witnesses_at(told.entry),
                                     .at = told.answered_at,
                                     .entry = told.entry});
    }
  }

  const MinutesSource& source_;
  Standing standing_;
  Minutes minutes_{};
};

}  // namespace

Minutes minutes_of(const MinutesSource& source) { return Writing(source).all(); }

}  // namespace keyrite::ceremony
