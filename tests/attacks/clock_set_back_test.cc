// An approval has run out, and the log proves it; then the clock is set back. The programs run
// under libfaketime, which needs no root.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct LateApproval {
  SiteRoom scene{};
  Words approvals{};

  LateApproval() {
    if (!ready()) return;
    scene.room().shop.must(
        "printf '\\n[approvals.needed.generate-kek]\\nsecurity-officer = 2\\n' "
        ">> site/site.toml");
    scene.refused(at("+0d", "generate-kek", aes_key()), 7, "approval-needed");
    for (const char* person : {"alice", "bob"})
      approvals.push_back(scene.sign(person, scene.statement()));
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] static Words aes_key() {
    return {"--type", "aes-256", "--label", "late", "--for", "aws"};
  }
  [[nodiscard]] Words approved() const { return aes_key() + Words{"--approval"} + approvals; }
  // As if the tool ran at another time.
  [[nodiscard]] ProgramRun at(const std::string& offset, const std::string& tool,
                              const Words& words) const {
    return run_program(Words{"/usr/bin/env", "faketime", "-f", offset, tool_path(tool)} + words +
                       Words{"--site", scene.site(), "--json"});
  }
  [[nodiscard]] std::string time(const std::string& offset) const {
    const auto text = as_text(
        scene.room().shop.must("date -u -d '" + offset + "' +%Y-%m-%dT%H:%M:%SZ | tr -d '\\n'"));
    return text;
  }
};

TEST_CASE("A clock that was set back revives no approval, and no act goes on under it") {
  const LateApproval late;
  if (!late.ready()) return;
  // Four days later somebody signs the log; the approval held for three.
  CHECK(late.at("+4d", "resume", {}).exit_code == 0);
  const std::size_t entries = late.scene.entries().size();
  late.scene.refused(late.at("+0d", "generate-kek", late.approved()), 6, "clock-set-back");
  late.scene.refused(late.at("+0d", "resume", {}), 6, "clock-set-back");
  CHECK(late.scene.entries().size() == entries);
  // A few minutes are no attack; the approval is judged by the log's time all the same.
  late.scene.refused(late.at("+5758m", "generate-kek", late.approved()), 6, "statement-expired");
}

TEST_CASE(
    "One entry of a wrong time ends no site: an officer confirms the clock, and that is logged") {
  const LateApproval late;
  if (!late.ready()) return;
  CHECK(late.at("+4000d", "resume", {}).exit_code == 0);
  late.scene.refused(late.scene.run("resume", {"--confirm-clock", late.time("+1 day")}), 2,
                     "confirm-clock-wrong");
  const Json confirmed = late.scene.must("resume", {"--confirm-clock", late.time("now"), "--reason",
                                                    "Mallory of Acme had set it to another year"});
  CHECK(confirmed["clock_confirmed"] == true);
  // Why, in a file that can be erased; the log has its SHA-256 and no word of it.
  late.scene.room().shop.must("grep -l Mallory site/texts/*");
  CHECK(late.scene.room().shop.naming("mallory", "site/transcript") == "");
  // By which clock it was asked for, nobody can tell: it is asked for anew.
  late.scene.refused(late.scene.run("generate-kek", late.approved()), 6, "statement-before-clock");
  late.scene.refused(late.scene.run("generate-kek", LateApproval::aes_key()), 7, "approval-needed");
  const auto entries = late.scene.entries();
  const auto is_confirmed = [](const Json& entry) { return entry["event"] == "clock-confirmed"; };
  CHECK(std::count_if(entries.begin(), entries.end(), is_confirmed) == 1);
  const Json& said = *std::find_if(entries.begin(), entries.end(), is_confirmed);
  CHECK(as_text(late.scene.room().shop.must("sha256sum site/texts/* | cut -c 1-64")) ==
        said["text_sha256"].get<std::string>() + "\n");
  late.scene.room().shop.must("rm site/texts/*");
  // A reason for nothing is not kept.
  CHECK(late.scene.must("resume", {"--reason", "none"})["clock_confirmed"] == false);
  CHECK(as_text(late.scene.room().shop.must("ls site/texts")).empty());
  CHECK(late.scene.verify()["time_set_back"].empty());
  late.scene.check_with_other_programs();
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
