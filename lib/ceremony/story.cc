// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/story.h"

#include <algorithm>
#include <utility>

#include "act/ceremony_use.h"
#include "base/error.h"
#include "transcript/entry.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

namespace {

using transcript::entry_text;

std::optional<std::uint64_t> number_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

// A number that no file has is none of a step: it is not cut to one that a file has.
std::uint32_t step_in(const Json& object) {
  constexpr std::uint64_t kMost = 0xffffffff;
  return static_cast<std::uint32_t>(std::min(number_in(object, "step").value_or(kMost), kMost));
}

std::optional<Json> parsed(std::string_view line) {
  try {
    Json entry = parse_json(as_bytes(line), "entry");
    if (entry.is_object()) return entry;
  } catch (const Error&) {
    // 0.1.0 signed whatever was in the log.
  }
  return std::nullopt;
}

ToldStep told_step(std::uint64_t index, const Json& entry, const Json& facts) {
  return {.entry = index,
          .step = step_in(facts),
          .kind = entry_text(facts, "kind"),
          .outcome = entry_text(facts, "outcome"),
          .asked_at = entry_text(facts, "asked_at"),
          .answered_at = entry_text(facts, "answered_at"),
          .time = entry_text(entry, "time"),
          .operator_name = entry_text(entry, "operator"),
          .text_sha256 = entry_text(facts, "text_sha256"),
          .signature_sha256 = entry_text(facts, "signature_sha256"),
          .failure = entry_text(facts, "failure"),
          .choice = number_in(facts, "choice"),
          .role = number_in(facts, "role"),
          .person = number_in(facts, "person"),
          .runs = transcript::entry_texts(facts, "runs")};
}

ToldDeviation told_deviation(std::uint64_t index, const Json& facts) {
  return {.entry = index,
          .number = static_cast<std::uint32_t>(number_in(facts, "deviation").value_or(0)),
          .step = step_in(facts),
          .text_sha256 = entry_text(facts, "text_sha256"),
          .asked_at = entry_text(facts, "asked_at"),
          .answered_at = entry_text(facts, "answered_at")};
}

bool records(std::string_view act) {
  return act == act::kOpenCeremonyAct || act == act::kCeremonyStepAct ||
         act == act::kDeviationAct || act == act::kCloseCeremonyAct;
}

}  // namespace

Story* Stories::named(const std::string& id) {
  const auto found = std::ranges::find(stories_, id, &Story::id);
  return found == stories_.end() ? nullptr : &*found;
}

void Stories::take(std::uint64_t index, std::string_view line) {
  // Of a long log few lines are parsed: results of steps name none.
  const bool maybe =
      !other_act_ || line.find("ceremony") != std::string_view::npos || !acts_.empty();
  if (!maybe) return;
  const auto entry = parsed(line);
  if (!entry) return;
  const std::string event = entry_text(*entry, "event");
  if (event == transcript::kOpened) {
    log_opened_ = entry_text(*entry, "time");
  } else if (!other_act_ && entry_text(*entry, "act") != act::kOpenCeremonyAct) {
    other_act_ = index;
  }
  if (event != transcript::kIntent && event != transcript::kResult && event != transcript::kSettled)
    return;
  const bool vouched = transcript::is_vouched(*entry, key_);
  if (event == transcript::kIntent) {
    take_intent(index, *entry, vouched);
  } else {
    take_result(index, *entry, vouched);
  }
}

void Stories::take_intent(std::uint64_t index, const Json& entry, bool vouched) {
  const std::string act = entry_text(entry, "act");
  const std::string run = entry_text(entry, "run");
  if (act == act::kOpenCeremonyAct && vouched) openings_[run] = {index, entry};
  if (act == act::kCeremonyStepAct && vouched)
    evidence_[run] = transcript::entry_texts(entry, "evidence");
  const Json* use = act::ceremony_use_in(entry);
  Story* story = use == nullptr || records(act) ? nullptr : named(entry_text(*use, "id"));
  if (story == nullptr) return;
  if (!vouched && !transcript::is_act_on_files(act)) {
    story->unvouched.push_back(index);
    return;
  }
  if (!story->ending.empty()) story->after_end.push_back(index);
  story->acts.push_back({.intent_entry = index,
                         .step = step_in(*use),
                         .act = act,
                         .run = run,
                         .file_sha256 = entry_text(*use, "file_sha256"),
                         .intent = entry});
  acts_[run] = {story->id, story->acts.size() - 1};
}

void Stories::result_of_act(std::uint64_t index, const Json& entry, bool vouched) {
  const auto place = acts_.find(entry_text(entry, "run"));
  if (place == acts_.end()) return;
  ToldAct& act = named(place->second.first)->acts[place->second.second];
  act.result_entry = index;
  act.vouched = vouched;
  act.outcome = entry_text(entry, "event") == transcript::kSettled
                    ? std::string(transcript::kSettled)
                    : entry_text(entry, "outcome");
  act.facts = transcript::entry_object(entry, "facts");
  act.found = transcript::entry_object(entry, "found");
  acts_.erase(place);
}

void Stories::take_result(std::uint64_t index, const Json& entry, bool vouched) {
  const std::string act = entry_text(entry, "act");
  if (!records(act)) {
    const bool counts = vouched || transcript::is_act_on_files(act) ||
                        entry_text(entry, "outcome") != transcript::kOutcomeDone;
    if (counts) result_of_act(index, entry, vouched);
    return;
  }
  if (entry_text(entry, "outcome") != transcript::kOutcomeDone) return;
  const Json facts = transcript::entry_object(entry, "facts");
  if (!vouched) {
    if (Story* story = named(entry_text(facts, "ceremony"))) story->unvouched.push_back(index);
    return;
  }
  if (act == act::kOpenCeremonyAct) {
    open(index, entry, facts);
  } else {
    take_record(index, entry, facts);
  }
}

// Once: a second beginning of the same id changes nothing.
void Stories::open(std::uint64_t index, const Json& entry, const Json& facts) {
  const auto intent = openings_.find(entry_text(entry, "run"));
  const std::string id = entry_text(facts, "ceremony");
  if (id.empty() || named(id) != nullptr || intent == openings_.end()) return;
  stories_.push_back({.id = id,
                      .intent_entry = intent->second.index,
                      .entry = index,
                      .intent = intent->second.entry,
                      .log_opened = log_opened_,
                      .begins_log = !other_act_,
                      .file_sha256 = entry_text(facts, "file_sha256"),
                      .mode = entry_text(facts, "mode"),
                      .begun = entry_text(entry, "time"),
                      .until = entry_text(facts, "until"),
                      .steps = number_in(facts, "steps").value_or(0),
                      .teardown = number_in(facts, "teardown").value_or(0)});
}

void Stories::take_step(Story& story, ToldStep told) {
  if (told.step == 0 && told.kind == kAbortKind && story.abort_entry == 0) {
    story.abort_entry = told.entry;
    story.abort_at = told.time;
  }
  story.told.push_back(std::move(told));
}

void Stories::take_record(std::uint64_t index, const Json& entry, const Json& facts) {
  Story* story = named(entry_text(facts, "ceremony"));
  if (story == nullptr) return;
  const std::string act = entry_text(entry, "act");
  if (!story->ending.empty()) {
    story->after_end.push_back(index);
    return;
  }
  if (act == act::kCeremonyStepAct) {
    auto told = told_step(index, entry, facts);
    told.evidence = std::move(evidence_[entry_text(entry, "run")]);
    take_step(*story, std::move(told));
  }
  evidence_.erase(entry_text(entry, "run"));
  if (act == act::kDeviationAct) story->deviations.push_back(told_deviation(index, facts));
  if (act != act::kCloseCeremonyAct) return;
  story->ending = entry_text(facts, "ending");
  story->ending_entry = index;
  story->ended = entry_text(entry, "time");
}

}  // namespace keyrite::ceremony
