// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What was done of the ceremony that opens a site, before there was one. It is kept in memory, and
// from right before the site is made in a file beside it, until the site's log has all of it.
// People sign these steps on paper. Values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "act/act.h"
#include "base/json.h"
#include "ceremony/bindings.h"
#include "ceremony/file.h"
#include "ceremony/mode.h"
#include "ceremony/records.h"
#include "ceremony/story.h"

namespace keyrite::ceremony {

// NOLINTNEXTLINE(bugprone-exception-escape): of its JSON, when memory is short
class EarlyRecords {
 public:
  void take(const StepRecord& record);
  void take(const DeviationRecord& deviation);
  [[nodiscard]] const Story& story() const { return story_; }  // as a log would tell it
  [[nodiscard]] std::optional<std::string> answer_of(std::uint32_t step) const;  // what was typed
  [[nodiscard]] std::vector<act::Act> acts() const;  // enter them into the log, in the order done
  [[nodiscard]] Json to_json() const;
  // Errors: those of JsonView; kInternal "value-outside-table" (a kind that no step has).
  [[nodiscard]] static EarlyRecords from_json(const Json& json, const std::string& origin,
                                              const std::string& ceremony);

 private:
  std::vector<std::variant<StepRecord, DeviationRecord>> records_{};
  Story story_{};
};

// A ceremony whose site is being made, or was made a moment ago.
struct KeptOpening {
  std::string id{};
  CeremonyFile file{};
  Mode mode{Mode::kLive};
  Bindings bindings{};
  EarlyRecords records{};
};
[[nodiscard]] std::string kept_opening_path(const std::string& site_folder);  // beside the folder
// Errors: those of replace_file.
void keep_opening(const std::string& path, const KeptOpening& opening);
// nullopt: there is none. Errors: those of read_file, parse_json, read_ceremony and Bindings.
[[nodiscard]] std::optional<KeptOpening> kept_opening(const std::string& path);
void forget_opening(const std::string& path);

}  // namespace keyrite::ceremony
