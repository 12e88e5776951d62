// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The table of a framework.
#include <fmt/format.h>

#include "base/counted.h"
#include "report/internal/sections.h"

namespace keyrite::report {

namespace {

std::string evidence_words(const EvidenceFacts& one) {
  std::string text = fmt::format("{}: {}", one.what, counted_entries(one.count));
  text += one.count == 1 ? fmt::format(" ({})", one.first)
                         : fmt::format(" ({} to {})", one.first, one.last);
  if (one.unvouched != 0) text += fmt::format(", {} of them {}", one.unvouched, kMark);
  return text;
}

}  // namespace

Section framework_section(const FrameworkFacts& facts) {
  Section section{
      .heading = fmt::format("Evidence towards {}", facts.framework->name),
      .intros = {"Which entries of this period can be evidence towards which requirement. Whether "
                 "they are enough is not for a tool to say. The words for a requirement are ours; "
                 "where nobody compared them with the text of the framework, the table says so: "
                 "check the clause before you quote it."}};
  Table table{.caption = std::string(facts.framework->name),
              .columns = {"Clause", "About", "Entries of the log", "Clause compared"}};
  for (const auto& one : facts.requirements) {
    Lines evidence;
    for (const auto& each : one.evidence) evidence.push_back(evidence_words(each));
    if (evidence.empty()) evidence.emplace_back("none in this period");
    table.rows.push_back({{{std::string(one.requirement->clause)},
                           {std::string(one.requirement->about)},
                           std::move(evidence),
                           {one.requirement->compared ? "yes" : "unverified"}}});
  }
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace keyrite::report
