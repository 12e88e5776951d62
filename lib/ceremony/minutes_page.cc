// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/minutes_page.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ceremony/internal/minutes_template.h"
#include "ceremony/internal/paper.h"

namespace keyrite::ceremony {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Digits are set as code and in fours: they are compared one by one.
void set_value(Data& row, const std::string& value) {
  constexpr std::size_t kFewest = 16;
  const bool digits =
      value.size() >= kFewest && value.find_first_not_of("0123456789abcdef") == std::string::npos;
  set_text(row, "value", digits ? std::string() : value);
  set_text(row, "digits", digits ? page_fours(value) : std::string());
}

Data pairs_data(const Pairs& pairs) {
  Data rows = page_list();
  for (const auto& [name, value] : pairs) {
    if (value.empty()) continue;
    Data row;
    row.set("name", page_text(name));
    set_value(row, value);
    rows << row;
  }
  return rows;
}

std::string number_or_none(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

Pairs facts_of(const Minutes& minutes) {
  Pairs facts{{"Ceremony", minutes.run},
              {"Log", minutes.fingerprint.origin},
              {"Began", minutes.began_at},
              {"Ended", minutes.ended_at},
              {"Minutes",
               fmt::format("{} planned, {} used", minutes.planned_minutes, minutes.used_minutes)}};
  facts.emplace_back("Aborted because", minutes.abort_reason);
  for (const auto& [name, value] : minutes.token) facts.emplace_back("Token, " + name, value);
  for (const auto& one : minutes.approved_by)
    facts.emplace_back("Approved by", fmt::format("{} ({})", one.name, one.role));
  facts.emplace_back("Statement, SHA-256", minutes.statement_sha256);
  facts.emplace_back("These minutes",
                     minutes.made_at.empty()
                         ? minutes.tool
                         : fmt::format("{}, by {}", minutes.made_at, minutes.tool));
  return facts;
}

Data people_of(const Minutes& minutes) {
  Data rows = page_list();
  for (const auto& person : minutes.people) {
    Data row;
    row.set("name", page_text(person.name));
    row.set("role", page_text(person.role));
    row.set("how", person.how == CheckIn::kSignature ? "signature" : "name, typed");
    row.set("at", page_text(person.at));
    row.set("entry", number_or_none(person.entry));
    rows << row;
  }
  return rows;
}

// Whoever came in again after a pause signs once.
Data signers_of(const Minutes& minutes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> signers;
  for (const auto& person : minutes.people) {
    auto found = std::ranges::find(signers, person.name,
                                   &std::pair<std::string, std::vector<std::string>>::first);
    if (found == signers.end()) found = signers.insert(signers.end(), {person.name, {}});
    if (std::ranges::find(found->second, person.role) == found->second.end())
      found->second.push_back(person.role);
  }
  Data rows = page_list();
  for (const auto& [name, roles] : signers) {
    Data row;
    row.set("name", page_text(name));
    row.set("role", page_text(fmt::format("{}", fmt::join(roles, ", "))));
    rows << row;
  }
  return rows;
}

// The day is said once, at the beginning.
std::string time_of(const std::string& when, const std::string& began) {
  constexpr std::size_t kDay = 11;  // "2026-03-01T"
  const bool same_day = when.size() > kDay && when.substr(0, kDay) == began.substr(0, kDay);
  return same_day ? when.substr(kDay) : when;
}

Data step_of(const StepMinutes& step, const std::string& began) {
  Data row;
  row.set("number", std::to_string(step.number));
  row.set("name", page_text(step.name));
  row.set("step_title", page_line(step.title));
  row.set("role", page_text(step.role));
  row.set("kind_word", std::string(word_of(step.kind)));
  set_text(row, "act", step.act);
  set_text(row, "minutes",
           step.planned_minutes == 0 ? std::string() : std::to_string(step.planned_minutes));
  set_text(row, "by", fmt::format("{}", fmt::join(step.by, ", ")));
  set_text(row, "answer", step.answer);
  row.set("has_results", !step.results.empty());
  row.set("results", pairs_data(step.results));
  row.set("happened", happened_words(step));
  set_text(row, "because", step.because);
  row.set("asked", page_text(time_of(step.asked_at, began)));
  row.set("answered", page_text(time_of(step.answered_at, began)));
  row.set("entries", fmt::format("{}", fmt::join(step.entries, ", ")));
  return row;
}

Data step_lists(const Minutes& minutes) {
  Data lists = page_list();
  const auto add = [&](const char* id, const char* title, const std::vector<StepMinutes>& steps) {
    if (steps.empty()) return;
    Data rows = page_list();
    for (const auto& step : steps) rows << step_of(step, minutes.began_at);
    Data one;
    one.set("list_id", id);
    one.set("list_title", title);
    one.set("steps", rows);
    lists << one;
  };
  add("steps", "Steps", minutes.steps);
  add("aborted", "What was done when it was aborted", minutes.teardown);
  return lists;
}

Data deviations_of(const Minutes& minutes) {
  Data rows = page_list();
  for (const auto& one : minutes.deviations) {
    Data row;
    row.set("number", std::to_string(one.number));
    row.set("step", one.step == 0 ? std::string("before") : std::to_string(one.step));
    set_text(row, "text", one.text.value_or(std::string()));
    row.set("text_sha256", page_fours(one.text_sha256));
    row.set("confirmed", page_text(one.confirmed_by));
    row.set("at", page_text(one.at));
    row.set("entry", number_or_none(one.entry));
    rows << row;
  }
  return rows;
}

Data differences_of(const Minutes& minutes) {
  Data rows = page_list();
  rows << Data{"sentence", fmt::format("{} minutes were planned, and {} were used.",
                                       minutes.planned_minutes, minutes.used_minutes)};
  if (minutes.differences.empty() && minutes.ended == Ended::kCompleted)
    rows << Data{"sentence", std::string("The steps were done in the order of the file.")};
  for (const auto& one : minutes.differences) rows << Data{"sentence", page_line(one)};
  return rows;
}

Data stood_still_of(const Minutes& minutes) {
  Data rows = page_list();
  for (const auto& one : minutes.stood_still) {
    Data row;
    row.set("before", std::to_string(one.before_step));
    row.set("reason", page_line(one.reason));
    row.set("from", page_text(one.from));
    row.set("until", page_text(one.until));
    rows << row;
  }
  return rows;
}

Data duties_of(const Minutes& minutes) {
  Data rows = page_list();
  for (const auto& duty : minutes.duties) {
    Data row;
    row.set("text", page_line(duty.text));
    row.set("role", page_text(duty.role));
    rows << row;
  }
  return rows;
}

void set_fingerprint(Data& page, const Fingerprint& print) {
  page.set("origin", page_text(print.origin));
  page.set("size", std::to_string(print.size));
  page.set("root", print.root.empty() ? page_list() : fingerprint_rows(print.root));
  std::string qr = qr_on_paper(print.checkpoint, "QR code of the signed checkpoint");
  const bool fits = !qr.empty();
  if (!fits) qr = qr_on_paper(print.root, "QR code of the root");
  page.set("qr", qr);
  page.set("checkpoint", fits ? Data(print.checkpoint) : Data(false));
}

}  // namespace

std::string happened_words(const StepMinutes& step) {
  switch (step.happened) {
    case Happened::kDone:
      return "done";
    case Happened::kDoneAfterFailure:
      return step.failures == 1
                 ? "failed once, tried again, and done"
                 : fmt::format("failed {} times, tried again, and done", step.failures);
    case Happened::kReplaced:
      return "failed, and its alternative was done";
    case Happened::kFailed:
      return "failed, and the ceremony ended";
    case Happened::kNotChosen:
      return "not done: not chosen";
    case Happened::kNotNeeded:
      return "not done: not needed";
    case Happened::kNotRehearsed:
      return "not rehearsed";
    case Happened::kUnknown:
      return "unknown: begun, and no entry says how it ended";
    case Happened::kNotReached:
      return "not reached";
  }
  return {};
}

std::string ended_words(const Minutes& minutes) {
  const auto count = minutes.deviations.size();
  const std::string deviations = count == 0   ? std::string()
                                 : count == 1 ? ", with 1 deviation"
                                              : fmt::format(", with {} deviations", count);
  switch (minutes.ended) {
    case Ended::kCompleted:
      return fmt::format("Completed{}.", deviations);
    case Ended::kAborted:
      return fmt::format("Aborted{}.", deviations);
    case Ended::kUnfinished:
      return fmt::format("Not finished{}.", deviations);
  }
  return {};
}

std::string minutes_page(const Minutes& minutes, Paper paper) {
  Data page;
  page.set("ended", ended_words(minutes));
  page.set("purpose", page_paragraphs(minutes.purpose));
  page.set("facts", pairs_data(facts_of(minutes)));
  page.set("has_people", !minutes.people.empty());
  page.set("people", people_of(minutes));
  page.set("has_inputs", !minutes.inputs.empty());
  page.set("inputs", pairs_data(minutes.inputs));
  page.set("lists", step_lists(minutes));
  page.set("has_deviations", !minutes.deviations.empty());
  page.set("deviations", deviations_of(minutes));
  page.set("has_confirmed", std::ranges::any_of(minutes.deviations, [](const Deviation& one) {
             return !one.confirmed_by.empty();
           }));
  page.set("signers", signers_of(minutes));
  page.set("differences", differences_of(minutes));
  page.set("has_stood_still", !minutes.stood_still.empty());
  page.set("stood_still", stood_still_of(minutes));
  page.set("has_duties", !minutes.duties.empty());
  page.set("duties", duties_of(minutes));
  page.set("independent", minutes.independent_witness);
  set_fingerprint(page, minutes.fingerprint);
  return whole_page(page, minutes_template(),
                    {.kind = "Minutes",
                     .paper = paper,
                     .mode = minutes.mode,
                     .title = minutes.title,
                     .file_sha256 = minutes.file_sha256,
                     .foot = "Initials: ____________"});
}

}  // namespace keyrite::ceremony
