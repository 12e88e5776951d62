// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The file of a ceremony: whoever wrote it, officers review it, and it is run.
#include "fuzz/targets/all.h"

#include <set>
#include <string>

#include "ceremony/file.h"
#include "ceremony/planned_request.h"
#include "ceremony/references.h"
#include "ceremony/script_page.h"
#include "ceremony/step_acts.h"
#include "ceremony/verification.h"

namespace keyrite::fuzz {

namespace {

using namespace ceremony;

// In the order of the file, each name once, and what a step uses is there before.
void require_whole(const Ceremony& ceremony) {
  std::set<std::string> names;
  std::uint32_t number = 0;
  for (const auto* list : {&ceremony.steps, &ceremony.teardown}) {
    for (const auto& step : *list) {
      require(step.number == ++number, "steps are numbered in the order of the file");
      require(names.insert(step.name).second, "a step has a name of its own");
      require(ceremony.step_named(step.name) == &step, "a step is found by its name");
      if (step.kind != StepKind::kAct) continue;
      const ActRow* row = find_act(step.act);
      require(row != nullptr, "an act is one of the table");
      require(missing_fields(*row, step.fields).empty(), "an act has what it needs");
      // What stays open is bound later; what is fixed is taken by the act's own table.
      (void)plain_request(step);
    }
  }
}

}  // namespace

Outcome ceremony_file(ByteView bytes) {
  const auto read = taken([&] { return read_ceremony(bytes, "input"); });
  if (!read) return Outcome::kRefused;
  require_whole(*read);
  require(read_ceremony(bytes, "again").sha256 == read->sha256, "its bytes name it");
  const std::string page = script_page(*read, {.tool_version = "keyrite"});
  require(page.find("<script") == std::string::npos, "no text of the file becomes a script");
  require(page == script_page(*read, {.tool_version = "keyrite"}), "a file has one page");
  require(!compare_with_log(*read, Story{}).holds(), "a log that tells nothing proves nothing");
  return Outcome::kTaken;
}

}  // namespace keyrite::fuzz
