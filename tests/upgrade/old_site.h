// A copy of what version 0.1.0 made (tests/upgrade/made-by-0.1.0): a site with its SoftHSM token,
// bundles, answers and an export, with the paths of this machine. One thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "support/command.h"
#include "support/program.h"

namespace keyrite::test {

class OldSite {
 public:
  OldSite();
  [[nodiscard]] bool has_token() const { return has_token_; }  // false after skip() was called
  [[nodiscard]] const Workshop& shop() const { return shop_; }
  // "old/NAME" in the shop's folder.
  [[nodiscard]] std::string path(const std::string& name) const {
    return shop_.folder() / "old" / name;
  }
  // A tool with --json, at the site's token.
  [[nodiscard]] ProgramRun run(std::vector<std::string> words) const;
  // The same; its result. That exit code is required.
  [[nodiscard]] Json result(std::vector<std::string> words, int exit_code = 0) const;
  // The code of its error.
  [[nodiscard]] std::string refusal(std::vector<std::string> words, int exit_code) const;
  // As 0.1.0 left it, policy asks for two approvals of a generate-kek. Here for none.
  void ask_no_approvals() const;

 private:
  Workshop shop_{};
  bool has_token_{};
};

}  // namespace keyrite::test
