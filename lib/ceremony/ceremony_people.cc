// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is there, by which clock, and what everybody writes down at the end.
#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/signed_check_in.h"
#include "site/layout.h"
#include "transcript/checkpoint.h"
#include "transcript/layout.h"
#include "transcript/qr_code.h"

namespace keyrite::ceremony {

namespace {

constexpr std::string_view kClockForm = "HH:MM";
constexpr int kMinutesInDay = 24 * 60;

// Minutes of the day in UTC; -1: not HH:MM.
int minutes_of(std::string_view text) {
  const auto digit = [](char one) { return one >= '0' && one <= '9'; };
  const bool form = text.size() == kClockForm.size() && text[2] == ':' && digit(text[0]) &&
                    digit(text[1]) && digit(text[3]) && digit(text[4]);
  if (!form) return -1;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : -1;
}

std::string small(std::string text) {
  for (char& one : text) one = one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one;
  return text;
}

}  // namespace

void CeremonyRun::come_in() {
  const auto& ceremony = file_.ceremony;
  step_ = kBeforeSteps;
  dialogue_.line();
  dialogue_.rule();
  dialogue_.both(ceremony.title, mode_ == Mode::kRehearsal ? "REHEARSAL" : "");
  dialogue_.say(fmt::format("ceremony {}", id_));
  dialogue_.value("SHA-256 of its file", ceremony.sha256);
  dialogue_.say(
      "At each prompt \"!\" enters a deviation, and \"q\" leaves: keyrite ceremony resume "
      "goes on.");
  compare_clock();
  present_.clear();
  for (std::size_t role = 0; role < ceremony.roles.size(); ++role) {
    for (std::size_t person = 0; person < static_cast<std::size_t>(ceremony.roles[role].people);
         ++person)
      check_in(role, person);
  }
}

// The day and seconds do not matter: a clock that is right to the minute is.
void CeremonyRun::compare_clock() {
  while (!is_clock_compared()) continue;
}

// False: the clocks are apart, and nobody confirms that as a deviation. The time is asked for
// again.
bool CeremonyRun::is_clock_compared() {
  dialogue_.say(
      fmt::format("This machine's clock says {}.",
                  format_rfc3339(std::chrono::floor<std::chrono::seconds>(stage_.context.now()))));
  const Answer answer = dialogue_.ask_until(
      "What does the wall clock say, in UTC (HH:MM)? ", [](const std::string& text) {
        return minutes_of(text) < 0 ? std::string("Type hours and minutes, as 09:05.")
                                    : std::string();
      });
  const auto ours =
      static_cast<int>(std::chrono::floor<std::chrono::minutes>(
                           answer.answered - std::chrono::floor<std::chrono::days>(answer.answered))
                           .count());
  const int apart = (minutes_of(answer.text) - ours + kMinutesInDay) % kMinutesInDay;
  const bool good = apart <= 1 || apart >= kMinutesInDay - 1;
  if (!good && !dialogue_.enter_deviation(
                   "The two clocks are more than a minute apart: that is a deviation."))
    return false;
  record({.ceremony = id_,
          .step = kBeforeSteps,
          .kind = {"clock"},
          .outcome = StepOutcome::kDone,
          .asked = answer.asked,
          .answered = answer.answered,
          .text = answer.text});
  return true;
}

void CeremonyRun::check_in(std::size_t role, std::size_t person) {
  const Role& who = file_.ceremony.roles[role];
  const std::string place = fmt::format("{} {} of {}", who.name, person + 1, who.people);
  StepRecord record{.ceremony = id_,
                    .step = kBeforeSteps,
                    .kind = {"check-in"},
                    .outcome = StepOutcome::kDone,
                    .role = role,
                    .person = person};
  const Answer name =
      dialogue_.ask_until(fmt::format("Name of {}: ", place), [this](const std::string& text) {
        if (text.empty()) return std::string("Type the name.");
        const bool again = std::ranges::find(present_, small(text)) != present_.end();
        return again ? fmt::format("{} came in already: each place is another person's.",
                                   printable(text))
                     : std::string();
      });
  present_.push_back(small(name.text));
  record.asked = name.asked;
  record.answered = name.answered;
  record.text = name.text;
  if (file_.ceremony.people.check_in == CheckIn::kSignature) {
    const auto signed_in = signed_check_in({.ceremony = id_,
                                            .file_sha256 = file_.ceremony.sha256,
                                            .role = who.name,
                                            .person = name.text},
                                           site(), *folder_, dialogue_, stage_.context);
    record.signature_sha256 = signed_in.signature_sha256;
    record.evidence = signed_in.evidence;
    record.answered = stage_.context.now();
  }
  this->record(record);
}

void CeremonyRun::show_fingerprint() {
  const auto folder = site().path(site::kTranscriptName);
  const std::string note = as_text(read_file(transcript::checkpoint_of(folder)));
  const auto checkpoint = transcript::parse_signed_checkpoint(note, "checkpoint").checkpoint;
  dialogue_.line();
  dialogue_.rule();
  // What is copied by hand comes last: 24 rows show no more.
  if (const auto code = transcript::QrCode::of(note)) {
    if (stage_.context.show) stage_.context.show(code->half_blocks());
    dialogue_.line();
  }
  dialogue_.say("The fingerprint of the transcript. Everybody copies it by hand now.");
  dialogue_.say(fmt::format("log {}, {} entries", checkpoint.origin, checkpoint.head.size));
  dialogue_.value("root", to_hex(checkpoint.head.root));
  dialogue_.say(fmt::format("{}", fmt::join(pgp_words(checkpoint.head.root), " ")), 2);
}

}  // namespace keyrite::ceremony
