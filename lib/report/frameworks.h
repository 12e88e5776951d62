// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Which entries of a log are evidence towards which requirement of a framework. The table says what
// a requirement is about in our words, and whether somebody compared it with the text of the
// framework. It claims nothing about compliance. Constants and pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/period.h"

namespace keyrite::report {

struct Done;

struct Requirement {
  std::string_view clause{};
  std::string_view about{};
  bool compared{false};  // with a text that quotes the framework
  std::vector<std::string_view> acts{};
};
struct Framework {
  std::string_view word{};  // of --framework
  std::string_view name{};
  std::vector<Requirement> requirements{};
};
// "csf2", "nhi", "pci", "iso27001".
[[nodiscard]] const std::vector<Framework>& frameworks();
[[nodiscard]] const Framework* find_framework(std::string_view word);  // nullptr: there is none

struct EvidenceFacts {
  std::string what{};  // an act, or an event
  std::uint64_t count{};
  std::uint64_t first{};
  std::uint64_t last{};
  std::uint64_t unvouched{};  // of these
};
struct RequirementFacts {
  const Requirement* requirement{};
  std::vector<EvidenceFacts> evidence{};  // what there was in the period
};
struct FrameworkFacts {
  const Framework* framework{};
  std::vector<RequirementFacts> requirements{};
};

[[nodiscard]] FrameworkFacts evidence_for(const Framework& framework,
                                          const std::map<std::string, std::vector<Done>>& acts,
                                          const Period& period);

}  // namespace keyrite::report
