// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/verification.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "act/ceremony_use.h"
#include "ceremony/internal/abort_comparison.h"
#include "ceremony/internal/check_in_comparison.h"
#include "ceremony/internal/opening_comparison.h"
#include "ceremony/internal/request_comparison.h"
#include "ceremony/internal/site_comparison.h"
#include "ceremony/records.h"
#include "ceremony/standing.h"
#include "ceremony/step_acts.h"
#include "transcript/entry_fields.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

namespace {

class Comparison {
 public:
  Comparison(const Ceremony& ceremony, const Story& story) : ceremony_(ceremony), story_(story) {
    for (const auto* list : {&ceremony.steps, &ceremony.teardown}) {
      for (const auto& step : *list) steps_[step.number] = &step;
    }
  }

  std::vector<Difference> all() && {
    whole();
    for (const auto& [number, step] : steps_) {
      if (step->kind != StepKind::kAct) continue;
      for (const auto& field : opened_otherwise(ceremony_, *step, story_.intent)) {
        add("opened-otherwise", story_.intent_entry,
            fmt::format("step {}: the ceremony was begun with another \"{}\" than the file has",
                        number, field));
      }
    }
    before_steps();
    order();
    for (auto& one : differences_of_site(ceremony_, story_)) found_.push_back(std::move(one));
    for (auto& one : differences_of_abort(ceremony_, story_)) found_.push_back(std::move(one));
    for (const auto& told : story_.told) {
      if (told.step != kBeforeSteps) record(told);
    }
    for (const auto& [number, step] : steps_) outcome(*step);
    for (const auto& act : story_.acts) this->act(act);
    deviations();
    return std::move(found_);
  }

 private:
  void add(const char* code, std::optional<std::uint64_t> entry, std::string sentence) {
    found_.push_back({code, entry, std::move(sentence)});
  }

  [[nodiscard]] const Step* step(std::uint32_t number) const {
    const auto found = steps_.find(number);
    return found == steps_.end() ? nullptr : found->second;
  }

  [[nodiscard]] bool aborted() const { return story_.ending == "aborted"; }

  void whole() {
    if (story_.file_sha256 != ceremony_.sha256)
      add("other-file", story_.entry,
          fmt::format("the ceremony was begun with a file of SHA-256 {}, and this one has {}",
                      story_.file_sha256, ceremony_.sha256));
    if (story_.steps != ceremony_.steps.size() || story_.teardown != ceremony_.teardown.size())
      add("other-step-count", story_.entry,
          fmt::format("the log says that the file has {} steps and {} teardown steps, and it has "
                      "{} and {}",
                      story_.steps, story_.teardown, ceremony_.steps.size(),
                      ceremony_.teardown.size()));
    const bool over = std::ranges::find(kEndingWords, story_.ending) != kEndingWords.end();
    if (!over)
      add("not-over", std::nullopt,
          story_.is_being_aborted() ? "it is being aborted, and no entry says that it is over"
                                    : "no entry says that it is over");
    // Both are times in UTC of one form.
    if (!story_.ended.empty() && story_.ended > story_.until)
      add("over-time", story_.ending_entry,
          fmt::format("it ended at {}, and had to end by {}", story_.ended, story_.until));
    opened_by_request();
    if (aborted()) add("aborted", story_.ending_entry, "it was aborted");
    for (const auto entry : story_.after_end)
      add("after-end", entry, "an entry is of this ceremony, and later than its end");
    for (const auto entry : story_.unvouched)
      add("unvouched", entry,
          "an entry says that it is of this ceremony, and the log's key does not vouch for it");
  }

  // What its result says of itself is what was approved.
  void opened_by_request() {
    const Json request = transcript::entry_object(story_.intent, "request");
    if (request.value("file_sha256", Json()) != Json(story_.file_sha256) ||
        request.value("mode", Json()) != Json(story_.mode))
      add("other-file", story_.entry, "it was begun with another file or mode than was asked for");
  }

  // Everybody checked in before the first step, and the clock was compared.
  void before_steps() {
    const auto first = std::ranges::find_if(
        story_.told, [](const ToldStep& one) { return one.step != kBeforeSteps; });
    std::set<std::pair<std::uint64_t, std::uint64_t>> people;
    bool clock = false;
    for (auto one = story_.told.begin(); one != first; ++one) {
      if (one->kind == "clock") clock = true;
      if (one->kind == "check-in") check_in(*one, people);
    }
    if (!clock && first != story_.told.end())
      add("clock-missing", first->entry, "no clock was compared before the first step");
    for (std::size_t role = 0; role < ceremony_.roles.size(); ++role) {
      for (std::size_t person = 0; person < static_cast<std::size_t>(ceremony_.roles[role].people);
           ++person) {
        if (!people.contains({role, person}))
          add("check-in-missing", std::nullopt,
              fmt::format("{} {} of {} did not check in before the first step",
                          ceremony_.roles[role].name, person + 1, ceremony_.roles[role].people));
      }
    }
  }

  void check_in(const ToldStep& told, std::set<std::pair<std::uint64_t, std::uint64_t>>& people) {
    if (!told.role || !told.person) return;
    if (ceremony_.people.check_in == CheckIn::kSignature && told.signature_sha256.empty()) {
      add("check-in-missing", told.entry,
          "a person came in by a name alone, and the file asks for a signature");
      return;
    }
    people.insert({*told.role, *told.person});
  }

  // The steps settle in the order of their numbers, each once.
  void order() {
    std::uint32_t last = 0;
    std::set<std::uint32_t> settled;
    for (const auto& told : story_.told) {
      const Step* one = step(told.step);
      if (told.step == kBeforeSteps || one == nullptr) continue;
      if (settled.contains(told.step)) {
        add("step-repeated", told.entry,
            fmt::format("step {} was over, and an entry says that it was done again", told.step));
      } else if (told.step < last) {
        add("step-out-of-order", told.entry,
            fmt::format("step {} was done after step {}", told.step, last));
      }
      last = std::max(last, told.step);
      const bool again =
          told.outcome == word_of(StepOutcome::kFailed) && one->on_failure == OnFailure::kRetry;
      if (!again) settled.insert(told.step);
    }
  }

  void record(const ToldStep& told) {
    const Step* one = step(told.step);
    if (one == nullptr) {
      add("step-unknown", told.entry,
          fmt::format("an entry tells of step {}, which the file does not have", told.step));
      return;
    }
    if (std::ranges::find(kStepOutcomeWords, told.outcome) == kStepOutcomeWords.end())
      add("step-unknown", told.entry,
          fmt::format("an entry has another word for what came of step {}", told.step));
    if (told.kind != word_of(one->kind))
      add("step-other-kind", told.entry,
          fmt::format("step {} is \"{}\" in the file, and \"{}\" in the log", told.step,
                      word_of(one->kind), told.kind));
    if (one->kind == StepKind::kChoose && told.outcome == word_of(StepOutcome::kDone) &&
        chosen_words(*one, told).empty())
      add("choice-unknown", told.entry,
          fmt::format("step {}: the alternative that was chosen is not in the file", told.step));
  }

  // Its alternative was done.
  [[nodiscard]] bool is_replaced(const Step& one, const Standing& standing) const {
    return std::ranges::any_of(ceremony_.steps, [&](const Step& other) {
      const ToldStep* told = standing.record_of(other);
      return other.instead_of == one.name && told != nullptr &&
             told->outcome == word_of(StepOutcome::kDone);
    });
  }

  void outcome(const Step& one) {
    const Standing standing(ceremony_, story_);
    const ToldStep* told = standing.record_of(one);
    const bool teardown = one.number > ceremony_.steps.size();
    if (told == nullptr) {
      // An abort leaves out steps, and no other end does its teardown.
      if (aborted() == teardown && !story_.ending.empty())
        add("step-missing", std::nullopt,
            fmt::format("no entry says that step {} (\"{}\") was done", one.number, one.title));
      if (story_.ending.empty() && !teardown)
        add("step-missing", std::nullopt,
            fmt::format("step {} (\"{}\") is not done yet", one.number, one.title));
      return;
    }
    const auto passed = standing.passed_over(one);
    const bool says_passed = told->outcome == word_of(StepOutcome::kNotChosen) ||
                             told->outcome == word_of(StepOutcome::kNotNeeded);
    if (passed.has_value() != says_passed)
      add("step-passed-over-wrongly", told->entry,
          says_passed
              ? fmt::format("step {} was left out, and by the file it was due", one.number)
              : fmt::format("step {} was done, and by the file it was to be left out", one.number));
    if (told->outcome == word_of(StepOutcome::kFailed) && !is_replaced(one, standing))
      add("step-failed", told->entry,
          told->failure.empty() ? fmt::format("step {} failed", one.number)
                                : fmt::format("step {} failed ({})", one.number, told->failure));
    if (told->outcome == word_of(StepOutcome::kNotRehearsed) &&
        story_.mode != word_of(Mode::kRehearsal))
      add("step-missing", told->entry,
          fmt::format("step {} was left out as in a rehearsal, and this was none", one.number));
    if (told->outcome == word_of(StepOutcome::kDone) && one.kind == StepKind::kAct)
      acts_of(one, *told);
  }

  // The act that a record names was done, once, since the step was tried last.
  void acts_of(const Step& one, const ToldStep& told) {
    // Of the act that made the site there is no entry but the first one of the log.
    if (!find_act(one.act)->one_act || find_act(one.act)->opens_site) return;
    std::uint64_t failed = 0;
    for (const auto& earlier : story_.told) {
      if (earlier.step == one.number && earlier.entry < told.entry &&
          earlier.outcome == word_of(StepOutcome::kFailed))
        failed = earlier.entry;
    }
    std::size_t done = 0;
    bool named = false;
    for (const auto& act : story_.acts) {
      if (act.step != one.number || act.outcome != transcript::kOutcomeDone ||
          act.intent_entry < failed)
        continue;
      ++done;
      const bool in_record = std::ranges::find(told.runs, act.run) != told.runs.end();
      if (in_record && act.result_entry < told.entry) named = true;
    }
    if (!named)
      add("step-without-act", told.entry,
          fmt::format("step {} is said to be done, and no act of it is in the log", one.number));
    if (done > 1 && !find_act(one.act)->lasting.empty())
      add("act-repeated", told.entry,
          fmt::format("the act of step {} was done {} times", one.number, done));
  }

  void act(const ToldAct& act) {
    const Step* one = step(act.step);
    if (one == nullptr || one->kind != StepKind::kAct) {
      add("act-without-step", act.intent_entry,
          fmt::format("{} names step {} of this ceremony, which is no act in the file", act.act,
                      act.step));
      return;
    }
    if (act.file_sha256 != ceremony_.sha256)
      add("act-other-file", act.intent_entry,
          fmt::format("{} names another file than this one", act.act));
    const auto& row = *find_act(one->act);
    // A command of several acts has some that are approved by themselves: rotate-compromised,
    // shred.
    const bool listed = std::ranges::find(row.operations, act.act) != row.operations.end() ||
                        (!row.one_act && act.act.starts_with(one->act));
    if (!listed)
      add("act-other-operation", act.intent_entry,
          fmt::format("step {} is {} in the file, and the log has {}", act.step, one->act,
                      act.act));
    if (listed) {
      for (auto& sentence : request_differences(row, act, story_.intent))
        add("act-other-request", act.intent_entry, std::move(sentence));
    }
    told_by_step(act);
  }

  // Each act that was done is within a step that the log records.
  void told_by_step(const ToldAct& act) {
    if (story_.ending.empty()) return;
    const bool told = std::ranges::any_of(story_.told, [&](const ToldStep& one) {
      return one.step == act.step && one.entry > act.intent_entry;
    });
    if (!told)
      add("act-without-step", act.intent_entry,
          fmt::format("{} was done as step {}, and no later entry records that step", act.act,
                      act.step));
  }

  void deviations() {
    for (std::size_t i = 0; i < story_.deviations.size(); ++i) {
      if (story_.deviations[i].number != i + 1)
        add("deviation-number", story_.deviations[i].entry,
            fmt::format("the deviation has the number {}, and it is the {}th",
                        story_.deviations[i].number, i + 1));
    }
  }

  const Ceremony& ceremony_;
  const Story& story_;
  std::map<std::uint32_t, const Step*> steps_{};
  std::vector<Difference> found_{};
};

}  // namespace

Json Verification::to_json() const {
  Json list = Json::array();
  for (const auto& one : differences) {
    list.push_back({{"code", one.code},
                    {"entry", one.entry ? Json(*one.entry) : Json(nullptr)},
                    {"sentence", one.sentence}});
  }
  return {{"ceremony", ceremony},     {"mode", mode},         {"ending", text_or_null(ending)},
          {"steps_done", steps_done}, {"left_out", left_out}, {"deviations", deviations},
          {"holds", holds()},         {"differences", list}};
}

Verification compare_with_log(const Ceremony& ceremony, const Story& story,
                              const ReadEvidence& read) {
  Verification verification{.ceremony = story.id,
                            .mode = story.mode,
                            .ending = story.ending,
                            .differences = Comparison(ceremony, story).all(),
                            .deviations = story.deviations.size()};
  if (read) {
    for (auto& one : differences_of_seats(ceremony, story, read))
      verification.differences.push_back(std::move(one));
  }
  for (const auto& told : story.told) {
    if (told.step != kBeforeSteps && told.outcome == word_of(StepOutcome::kDone))
      ++verification.steps_done;
    if (told.outcome == word_of(StepOutcome::kNotRehearsed)) ++verification.left_out;
  }
  return verification;
}

}  // namespace keyrite::ceremony
