// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/early_records.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"

namespace keyrite::ceremony {

namespace {

// What a step before the site may be, and what comes before the first step.
act::Words kind_named(const std::string& word) {
  if (word == "clock") return {"clock"};
  if (word == "check-in") return {"check-in"};
  if (word == "bind") return {"bind"};
  const auto* const found = std::ranges::find(kStepKindWords, word);
  if (found != kStepKindWords.end())
    return words_of(static_cast<StepKind>(std::distance(kStepKindWords.begin(), found)));
  throw Error(Kind::kInternal, "value-outside-table",
              fmt::format("no step is a \"{}\"", printable(word)));
}

StepOutcome outcome_named(const std::string& word) {
  const auto* const found = std::ranges::find(kStepOutcomeWords, word);
  if (found != kStepOutcomeWords.end())
    return static_cast<StepOutcome>(std::distance(kStepOutcomeWords.begin(), found));
  throw Error(Kind::kInternal, "value-outside-table",
              fmt::format("no step ends as \"{}\"", printable(word)));
}

std::optional<TimePoint> time_in(const JsonView& view, const char* name) {
  const auto text = view.optional_text(name);
  return text ? std::optional(parse_rfc3339(*text, name)) : std::nullopt;
}

Json to_json(const StepRecord& record) {
  Json json{
      {"step", record.step}, {"kind", record.kind.text()}, {"outcome", word_of(record.outcome)}};
  if (record.asked) json["asked"] = format_rfc3339(*record.asked);
  if (record.answered) json["answered"] = format_rfc3339(*record.answered);
  if (record.text) json["text"] = *record.text;
  if (record.role) json["role"] = *record.role;
  if (record.person) json["person"] = *record.person;
  return json;
}

Json to_json(const DeviationRecord& deviation) {
  return {{"deviation", deviation.number},
          {"step", deviation.step},
          {"asked", format_rfc3339(deviation.asked)},
          {"answered", format_rfc3339(deviation.answered)},
          {"text", deviation.text}};
}

std::optional<std::size_t> place_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::size_t>();
}

}  // namespace

void EarlyRecords::take(const StepRecord& record) {
  story_.id = record.ceremony;
  ToldStep told{.entry = records_.size() + 1,
                .step = record.step,
                .kind = record.kind.text(),
                .outcome = std::string(word_of(record.outcome))};
  if (record.role) told.role = *record.role;
  if (record.person) told.person = *record.person;
  story_.told.push_back(std::move(told));
  records_.emplace_back(record);
}

void EarlyRecords::take(const DeviationRecord& deviation) {
  story_.deviations.push_back(
      {.entry = records_.size() + 1, .number = deviation.number, .step = deviation.step});
  records_.emplace_back(deviation);
}

std::optional<std::string> EarlyRecords::answer_of(std::uint32_t step) const {
  std::optional<std::string> answer;
  for (const auto& one : records_) {
    const auto* record = std::get_if<StepRecord>(&one);
    if (record != nullptr && record->step == step && record->text) answer = record->text;
  }
  return answer;
}

std::vector<act::Act> EarlyRecords::acts() const {
  std::vector<act::Act> acts;
  for (const auto& one : records_) {
    const auto* record = std::get_if<StepRecord>(&one);
    acts.push_back(record != nullptr ? record_step(*record)
                                     : record_deviation(std::get<DeviationRecord>(one)));
  }
  return acts;
}

Json EarlyRecords::to_json() const {
  Json list = Json::array();
  for (const auto& one : records_)
    list.push_back(std::visit([](const auto& record) { return ceremony::to_json(record); }, one));
  return list;
}

EarlyRecords EarlyRecords::from_json(const Json& json, const std::string& origin,
                                     const std::string& ceremony) {
  EarlyRecords records;
  for (const auto& one : json) {
    const JsonView view(one, origin);
    const auto step = static_cast<std::uint32_t>(place_in(one, "step").value_or(0));
    if (const auto number = place_in(one, "deviation")) {
      records.take(DeviationRecord{.ceremony = ceremony,
                                   .number = static_cast<std::uint32_t>(*number),
                                   .step = step,
                                   .text = view.text("text"),
                                   .asked = parse_rfc3339(view.text("asked"), "asked"),
                                   .answered = parse_rfc3339(view.text("answered"), "answered")});
      continue;
    }
    records.take(StepRecord{.ceremony = ceremony,
                            .step = step,
                            .kind = kind_named(view.text("kind")),
                            .outcome = outcome_named(view.text("outcome")),
                            .asked = time_in(view, "asked"),
                            .answered = time_in(view, "answered"),
                            .text = view.optional_text("text"),
                            .role = place_in(one, "role"),
                            .person = place_in(one, "person")});
  }
  return records;
}

std::string kept_opening_path(const std::string& site_folder) {
  auto folder = std::filesystem::path(site_folder).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return folder.native() + ".opening.json";
}

void keep_opening(const std::string& path, const KeptOpening& opening) {
  const Json json{{"id", opening.id},
                  {"mode", word_of(opening.mode)},
                  {"file", to_base64(opening.file.content)},
                  {"bindings", opening.bindings.to_json()},
                  {"records", opening.records.to_json()}};
  replace_file(path, as_bytes(canonical_json(json)));
}

std::optional<KeptOpening> kept_opening(const std::string& path) {
  if (!is_there(path)) return std::nullopt;
  require_ours_alone(path);
  const Json json = parse_json(read_file(path), path);
  const JsonView view(json, path);
  KeptOpening kept{.id = view.text("id"),
                   .file = {.content = from_base64(view.text("file"), "file")}};
  kept.file.ceremony = read_ceremony(kept.file.content, path);
  kept.mode = view.text("mode") == word_of(Mode::kRehearsal) ? Mode::kRehearsal : Mode::kLive;
  kept.bindings = Bindings::from_json(json.at("bindings"), path, kept.file.ceremony);
  kept.records = EarlyRecords::from_json(json.at("records"), path, kept.id);
  return kept;
}

void forget_opening(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

}  // namespace keyrite::ceremony
