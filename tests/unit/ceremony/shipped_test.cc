// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The ceremonies that keyrite ships: each is read without an error, has a page, uses what it asks
// for, and says of each step who does it.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/text.h"
#include "ceremony/commands.h"
#include "ceremony/file.h"
#include "ceremony/step_acts.h"
#include "unit/ceremony/pages.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace ceremony;

template <class Look>
void each_shipped(const Look& look) {
  for (const auto& path : shipped_ceremonies()) {
    CAPTURE(path.stem().native());
    look(path, ceremony_file(path.native()).ceremony);
  }
}

std::vector<Step> all_steps(const Ceremony& ceremony) {
  auto steps = ceremony.steps;
  steps.insert(steps.end(), ceremony.teardown.begin(), ceremony.teardown.end());
  return steps;
}

TEST_CASE("The shipped ceremonies are these, and each is read without an error") {
  std::vector<std::string> names;
  each_shipped([&](const auto& path, const Ceremony& ceremony) {
    names.push_back(path.stem().native());
    CHECK(ceremony.title.size() <= 60);
    CHECK(!ceremony.preconditions.empty());
    CHECK(!ceremony.duties.empty());
    CHECK(!ceremony.teardown.empty());
    CHECK(ceremony.planned_minutes() > 0);
  });
  CHECK(names == std::vector<std::string>{"aws-asymmetric", "aws-symmetric",
                                          "azure-managed-hsm-rsa", "emergency-rotation",
                                          "google-symmetric", "hsm-retirement", "officer-change",
                                          "scheduled-rotation", "site-opening", "tenant-onboarding",
                                          "tenant-shred", "three-clouds", "trusted-wrapping-key"});
}

TEST_CASE("Each shipped ceremony has a page, and the page of all lists it") {
  const auto docs = std::filesystem::path(KEYRITE_SOURCE_DIR) / "docs/ceremonies";
  const std::string all(as_text(read_file((docs / "README.md").native())));
  each_shipped([&](const auto& path, const Ceremony& ceremony) {
    const std::string page(as_text(read_file((docs / (path.stem().native() + ".md")).native())));
    CHECK(all.find("(" + path.stem().native() + ".md)") != std::string::npos);
    for (const char* heading : {"## Who", "## What must be there", "## What it proves",
                                "## Bind and run", "## When it stops"}) {
      CAPTURE(heading);
      CHECK(page.find(heading) != std::string::npos);
    }
    for (const auto& input : ceremony.inputs) {
      CAPTURE(input.name);
      CHECK(page.find("--bind " + input.name + "=") != std::string::npos);
    }
  });
}

TEST_CASE("A shipped ceremony uses each input and each role, and has a witness") {
  each_shipped([&](const auto& path, const Ceremony& ceremony) {
    const std::string text(as_text(read_file(path.native())));
    std::set<std::string> roles;
    for (const auto& step : all_steps(ceremony)) roles.insert(step.role);
    for (const auto& role : ceremony.roles) {
      CAPTURE(role.name);
      CHECK(roles.contains(role.name));
      CHECK(!role.duty.empty());
    }
    CHECK(roles.contains("witness"));
    for (const auto& input : ceremony.inputs) {
      CAPTURE(input.name);
      const bool awaited = std::ranges::any_of(ceremony.steps, [&](const Step& step) {
        return std::ranges::find(step.inputs, input.name) != step.inputs.end();
      });
      CHECK((awaited || text.find("${" + input.name + "}") != std::string::npos));
      // What is fetched later has a step that waits for it, before it is used.
      CHECK((input.when == BoundWhen::kFresh) == awaited);
    }
  });
}

TEST_CASE("What a shipped ceremony gives to an act, the act takes") {
  each_shipped([&](const auto&, const Ceremony& ceremony) {
    for (const auto& step : all_steps(ceremony)) {
      if (step.kind != StepKind::kAct) continue;
      CAPTURE(step.name);
      const ActRow* row = find_act(step.act);
      REQUIRE(row != nullptr);
      FieldValues plain;
      for (const auto& value : step.fields) {
        if (value.second.dump().find("${") == std::string::npos) plain.push_back(value);
      }
      CHECK_NOTHROW(set_fields(row->request(), plain));
    }
  });
}

TEST_CASE("No path, slot or PIN is in a shipped ceremony") {
  each_shipped([&](const auto& path, const Ceremony&) {
    const std::string text(as_text(read_file(path.native())));
    for (const char* word : {"pkcs11:", ".so\"", "slot", "\"/", "\"~", "pin ="}) {
      CAPTURE(word);
      CHECK(text.find(word) == std::string::npos);
    }
  });
}

TEST_CASE("What check says of a shipped ceremony has no line over 80 columns") {
  for (const auto& path : shipped_ceremonies()) {
    CAPTURE(path.stem().native());
    for (const auto& text : check_file({.file = path.native()}).text) {
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 80);
      }
    }
  }
}

TEST_CASE("The texts of a shipped ceremony fit a screen of 80 columns") {
  each_shipped([&](const auto&, const Ceremony& ceremony) {
    for (const auto& step : all_steps(ceremony)) {
      CAPTURE(step.name);
      CHECK(step.title.size() <= 60);
      CHECK(wrap_words(step.text, 76).size() <= 10);
    }
  });
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
