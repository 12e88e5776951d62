// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A site in which a ceremony of seven steps is run at a terminal, by people who type what they are
// asked. One thread.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/site_room.h"

namespace keyrite::test {

struct CeremonySite {
  SiteRoom scene;
  Words operator_words{"--operator", "olga@example.org"};
  std::string file{path("short.toml")};
  Words bound{"--bind", "label=k1", "--bind", "number=0123456789abcdef"};

  ProgramSettings with{};  // of each run at a terminal and of run()

  CeremonySite();
  // By a module that fails on demand (tests/support/faulty_module.cc).
  explicit CeremonySite(const std::string& faulty_module);
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }

  // One thing that is asked, and what is typed; or a signal in its place.
  struct Asked {
    std::string prompt{};
    std::string typed{};
    std::uint16_t columns{0};  // of the window from now on, before it is typed; 0: as it was
  };
  // All that is asked of who runs short.toml to its end: clock and people first.
  [[nodiscard]] static std::vector<Asked> coming_in();
  [[nodiscard]] static std::vector<Asked> steps();
  [[nodiscard]] static std::vector<Asked> all();

  // keyrite ceremony WORDS at a terminal: {"exit", "screen", "out", "err"}. `signal`: sent at the
  // prompt behind those of `asked`, where it is not 0.
  [[nodiscard]] Json at_terminal(const Words& words, const std::vector<Asked>& asked,
                                 const std::string& last_prompt = {}, int signal = 0) const;
  [[nodiscard]] Json hold(const std::vector<Asked>& asked, const std::string& last_prompt = {},
                          int signal = 0) const {
    return at_terminal(Words{"run", file} + bound, asked, last_prompt, signal);
  }
  // At a token of its own, in the folder practice.
  [[nodiscard]] Json rehearse(const std::vector<Asked>& asked) const;
  [[nodiscard]] ProgramRun run(const Words& words) const {
    return scene.run("ceremony", words + operator_words, with);
  }
  // verify-ceremony of the file and this log, with the vkey that was noted.
  [[nodiscard]] ProgramRun verified(const std::string& of = {}) const;
  // The codes of its differences, in their order; "holds" where there are none.
  [[nodiscard]] std::string differences(const std::string& of = {}) const;
  // What python3 finds in the log: "step outcome;" of each result of ceremony-step, in its order.
  [[nodiscard]] std::string told() const;
  [[nodiscard]] std::string python(const std::string& program) const;
  // The id of the ceremony that is in the log.
  [[nodiscard]] std::string id() const;
};

[[nodiscard]] std::string code_in(const Json& seen);

// What a screen says, without its lines.
[[nodiscard]] std::string in_one_line(const std::string& text);

}  // namespace keyrite::test
