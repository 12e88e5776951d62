// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The folder of a statement with the signatures in it, and the people of the roster.
#include <doctest/doctest.h>

#include <filesystem>

#include "base/error.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

// A wrap that waits for two officers.
struct WaitingWrap {
  SiteRoom scene{};
  std::string statement{};

  WaitingWrap() {
    if (!ready()) return;
    (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws",
                                      "--wrap-with-trusted"});
    scene.refused(wrap({}), 7, "approval-needed");
    statement = scene.statement();
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] ProgramRun wrap(const Words& approvals) const {
    Words words = scene.trusting_wrap("acme", "bundle");
    if (!approvals.empty()) words = words + Words{"--approval"} + approvals;
    return scene.run("wrap-for-import", words);
  }
  [[nodiscard]] std::string folder() const { return fs::path(statement).parent_path(); }
  void sign_in_folder(const Words& people) const {
    for (const auto& person : people) {
      const fs::path file = scene.sign(person, statement);
      if (file.parent_path() != folder()) fs::copy(file, folder());
    }
  }
};

TEST_CASE("The folder of a statement with the signatures in it is enough for --approval") {
  const WaitingWrap waiting;
  if (!waiting.ready()) return;
  waiting.scene.refused(waiting.wrap({waiting.folder()}), 2, "approvals-none-in-folder");
  waiting.sign_in_folder({"alice", "bob"});
  CHECK(waiting.wrap({waiting.folder()}).exit_code == 0);
}

TEST_CASE("approve show says who approved it already and who may do so still") {
  const WaitingWrap waiting;
  if (!waiting.ready()) return;
  const auto people = [&] {
    const auto run = run_program({tool_path("approve"), "show", waiting.statement, "--json"});
    return parse_json(as_bytes(run.out), "output")["result"]["approvers"];
  };
  CHECK(people()["by"].empty());
  CHECK(people()["may"].size() == 3);
  waiting.sign_in_folder({"alice"});
  const Json now = people();
  CHECK(now["by"] == Json{"alice@example.org"});
  CHECK(now["may"].size() == 2);
  CHECK(now["may"][0]["identity"] != "alice@example.org");
  CHECK(now["is_other"] == false);
  const auto shown = run_program({tool_path("approve"), "show", waiting.statement});
  const std::string text = shown.err + shown.out;
  CHECK(text.find("Who approved it already: alice@example.org\n") != std::string::npos);
  CHECK(text.find("  bob@example.org (security-officer)\n") != std::string::npos);
  // The cloud key by its own name.
  CHECK(text.find("cloud key") != std::string::npos);
  CHECK(text.find("arn:aws:kms:") != std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
