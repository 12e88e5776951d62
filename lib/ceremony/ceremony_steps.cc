// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The steps that people do: what the screen says, and what is typed.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/screen.h"
#include "base/text.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

// Shown on the screen is all but the end, which people have from elsewhere.
constexpr std::size_t kHidden = 8;

std::string minutes_text(const Step& step) {
  return step.minutes == 0 ? std::string() : fmt::format("planned: {} min", step.minutes);
}

bool is_hex(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char one) {
    return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
  });
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char one) { return one >= '0' && one <= '9'; });
}

// HH:MM, or a whole time.
bool is_time(const std::string& text) {
  const bool clock = text.size() == 5 && text[2] == ':' && is_number(text.substr(0, 2)) &&
                     is_number(text.substr(3)) && text.substr(0, 2) < "24" && text.substr(3) < "60";
  if (clock) return true;
  try {
    (void)parse_rfc3339(text, "time");
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string objection_to(const std::string& form, const std::string& text) {
  if (text.empty()) return "Type something.";
  if (form == "hex" && !is_hex(text)) return "Type hex digits: 0 to 9, a to f.";
  if (form == "number" && !is_number(text)) return "Type a number.";
  if (form == "time" && !is_time(text)) return "Type a time: HH:MM, or 2026-11-30T10:20:00Z.";
  return {};
}

}  // namespace

void CeremonyRun::announce(const Step& step) {
  const auto& ceremony = file_.ceremony;
  const bool teardown = step.number > ceremony.steps.size();
  dialogue_.line();
  dialogue_.rule();
  dialogue_.both(teardown
                     ? fmt::format("Teardown step {} of {}", step.number - ceremony.steps.size(),
                                   ceremony.teardown.size())
                     : fmt::format("Step {} of {}", step.number, ceremony.steps.size()),
                 mode_ == Mode::kRehearsal ? "REHEARSAL" : "");
  dialogue_.both(fmt::format("{}: {}", step.role, shown_text(step.title)), minutes_text(step));
  dialogue_.line();
  if (!step.text.empty()) dialogue_.say(shown_text(step.text), 2);
}

void CeremonyRun::by_person(const Step& step) {
  const std::string words = shown_text(step.words);
  const Answer answer =
      words.empty() ? dialogue_.ask("Press Enter to go on: ") : dialogue_.ask_words(words);
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  this->record(record);
}

void CeremonyRun::record_answer(const Step& step) {
  const Answer answer = dialogue_.ask_until(
      "> ", [&](const std::string& text) { return objection_to(step.form, text); });
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  record.text = answer.text;
  this->record(record);
}

void CeremonyRun::choose(const Step& step) {
  std::vector<std::string> words;
  for (const auto& one : step.alternatives) {
    words.push_back(one.words);
    dialogue_.say(fmt::format("{}: {}", one.words, shown_text(one.text)), 4);
  }
  dialogue_.say("Type the words of one alternative.");
  const auto [place, answer] = dialogue_.choose(words);
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  record.choice = place;
  this->record(record);
}

// The end of the value is typed by somebody who reads it from the other channel: the screen does
// not show it.
void CeremonyRun::compare(const Step& step) {
  const std::string value = shown_text(step.value);
  if (value.size() < 2 * kHidden || value.find("${") != std::string::npos) {
    throw Error(Kind::kFailed, "compare-impossible",
                fmt::format("step \"{}\" compares {}, which has no value that can be compared",
                            step.name, printable(step.value)),
                "abort the ceremony, and correct its file");
  }
  const std::string shown = value.substr(0, value.size() - kHidden);
  std::string end = value.substr(value.size() - kHidden);
  std::erase(end, ' ');
  dialogue_.say(fmt::format("The value, without its last {} characters:", kHidden), 2);
  for (const auto& one :
       wrap_words(is_hex(shown) ? in_fours(shown) : shown, dialogue_.columns() - 4))
    dialogue_.line("    " + one);
  dialogue_.say(fmt::format("Read the whole value from: {}. Compare it with these, and type its "
                            "last {} characters. If it differs, type \"differs\".",
                            shown_text(step.channel), kHidden),
                2);
  const Answer answer = dialogue_.ask_until("> ", [&](std::string text) {
    std::erase(text, ' ');
    return text == end || text == "differs"
               ? std::string()
               : std::string(
                     "That is not the end of the value. Read it again, or type \"differs\".");
  });
  auto record =
      record_of(step, answer.text == "differs" ? StepOutcome::kFailed : StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  this->record(record);
  if (answer.text == "differs") {
    dialogue_.say("The values differ.");
    after_failure(step);
  }
}

void CeremonyRun::pause(const Step& step) {
  const Answer stays = dialogue_.ask_until("Who stays in the room? ", [](const std::string& text) {
    return text.empty() ? std::string("Type the names.") : std::string();
  });
  const Answer back = dialogue_.ask("Press Enter when all are back: ");
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = stays.asked;
  record.answered = back.answered;
  record.text = stays.text;
  this->record(record);
  come_in();
}

// Whoever leaves here is not told that the ceremony goes on.
void CeremonyRun::ask_to_abort(const Step& step) {
  try {
    (void)dialogue_.choose({"abort"});
  } catch (const Error& error) {
    if (error.code() != "ceremony-left") throw;
    throw Error(Kind::kWaiting, "ceremony-left",
                fmt::format("step {} failed, and the ceremony can only be aborted", step.number),
                fmt::format("keyrite ceremony abort {} --reason TEXT ends it", id_));
  }
}

void CeremonyRun::after_failure(const Step& step) {
  if (ending_) return;
  if (step.on_failure == OnFailure::kAlternative) {
    dialogue_.say("The script has another step for this case.");
    return;
  }
  if (step.on_failure == OnFailure::kRetry) {
    dialogue_.say("The script allows to try again. Type \"again\" or \"abort\".");
    if (dialogue_.choose({"again", "abort"}).first == 0) return;
  } else {
    step_ = step.number;
    dialogue_.say(
        "The script has no other way on. Type \"abort\" to end the ceremony; \"q\" leaves "
        "it as it is, and it can only be aborted later.");
    ask_to_abort(step);
  }
  end_early(fmt::format("step {} failed", step.number));
  throw Error(Kind::kFailed, "ceremony-aborted",
              fmt::format("the ceremony was aborted at step {}", step.number),
              fmt::format("keyrite ceremony report {} --out FILE writes the minutes; begin another "
                          "ceremony when the cause is known",
                          id_));
}

}  // namespace keyrite::ceremony
