// Approvals that are not where an auditor looks for them: the folder is gone, or a copy of the
// statement stands before it in another one.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kAct{"--type", "aes-256", "--label",    "prod",
                 "--for",  "aws",     "--operator", "olga@example.org"};

struct Approving {
  SiteRoom scene{};
  std::string statement{};
  Approving() {
    if (!ready()) return;
    shop().must(
        "printf '\n[approvals.needed.generate-kek]\nsecurity-officer = 2\n' >> "
        "site/site.toml");
    scene.refused(scene.run("generate-kek", kAct), 7, "approval-needed");
    statement = scene.statement();
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  void act() const {
    (void)scene.must("generate-kek", kAct + Words{"--approval", scene.sign("alice", statement),
                                                  scene.sign("bob", statement)});
  }
  [[nodiscard]] ProgramRun transcript(const Words& words) const {
    return run_program(Words{tool_path("transcript")} + words +
                       Words{"--vkey", scene.vkey(), "--json"});
  }
};

TEST_CASE("A site whose approvals are gone does not verify, its log alone does") {
  const Approving approving;
  if (!approving.ready()) return;
  approving.act();
  CHECK(approving.scene.verify()["statements_compared"] == 1);
  approving.shop().must("cp -r site/transcript alone && rm -r site/approvals");
  approving.scene.refused(approving.transcript({"verify", approving.scene.site()}), 6,
                          "approval-missing");
  CHECK(approving.transcript({"verify", approving.scene.room().path("alone")}).exit_code == 0);
}

TEST_CASE("A statement's copy in a folder of another name takes no approvals away") {
  const Approving approving;
  if (!approving.ready()) return;
  const std::string folder = std::filesystem::path(approving.statement).parent_path();
  approving.shop().must("cp -r '" + folder + "' site/approvals/0");
  approving.act();
  for (const char* name : {"alice@example.org.sshsig", "bob@example.org.sshsig"}) {
    CHECK(std::filesystem::exists(folder + "/" + name));
    CHECK_FALSE(std::filesystem::exists(approving.scene.site("approvals/0/") + name));
  }
  const auto exported = approving.transcript(
      {"export", approving.scene.site(), "--out", approving.scene.room().path("out")});
  INFO(exported.err);
  CHECK(exported.exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
