// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A site whose acts are run by a Runner in the test's own process, at a module that fails on demand
// (tests/support/faulty_module.cc); other programs write into the same log meanwhile. One Runner at
// a time, one thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "act/context.h"
#include "act/runner.h"
#include "cli/site_room.h"
#include "keys/generate_kek.h"

namespace keyrite::test {

class RunnerRoom : public SiteRoom {
 public:
  RunnerRoom();
  ~RunnerRoom();
  RunnerRoom(const RunnerRoom&) = delete;
  RunnerRoom& operator=(const RunnerRoom&) = delete;

  // What the module does at its next start ("C_Login 2 0 0x30 answer"), in this process alone.
  void at_module(const std::string& fault) const;
  // The site, its token, and a PIN that is counted in pins_asked().
  [[nodiscard]] act::Context context();
  [[nodiscard]] int pins_asked() const { return pins_asked_; }
  // "event act outcome" of each entry from `first` on, read by python3.
  [[nodiscard]] std::vector<std::string> told(std::size_t first) const;
  // generate-kek by another process; "" when it was done, else the code of its Error.
  [[nodiscard]] std::string other_writer(const std::string& label) const;

 private:
  int pins_asked_{0};
};

[[nodiscard]] keys::GenerateKekRequest new_key(const std::string& label);
// Shows nothing.
void show_nothing(const act::Outcome& outcome);

}  // namespace keyrite::test
