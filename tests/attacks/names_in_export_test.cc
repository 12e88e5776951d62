#include <doctest/doctest.h>

#include <filesystem>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_nothing_ran(const ApprovedSite& site) {
  const Output output = site.verify_commands("all out");
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(site.shop().folder()))
    CHECK(entry.path().filename() != "PWNED");
}

TEST_CASE("A timestamp's folder with a command for its name is not exported, and told") {
  ApprovedSite site;
  for (const char* name :
       {"1; touch PWNED #", "1\n    touch PWNED", "$(touch PWNED)", "-1", "1 2"}) {
    for (const char* file : {"checkpoint", "query.tsq", "reply.tsr", "ca.pem"})
      site.scene().put("transcript/timestamps/" + std::string(name) + "/" + file, "x");
    site.scene().put("transcript/witnessed/" + std::string(name), "x");
  }
  const auto run = site.export_it();
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const Json passed_over = Json::parse(run.out).at("result").at("passed_over");
  CHECK(passed_over.size() == 10);
  CHECK(passed_over.at(0) == "timestamps/$(touch PWNED)");
  CHECK_FALSE(std::filesystem::exists(site.shop().folder() / "out/timestamps"));
  CHECK_FALSE(std::filesystem::exists(site.shop().folder() / "out/witnessed"));
  check_nothing_ran(site);
}

TEST_CASE("An approval's file with a command for its name is not exported") {
  ApprovedSite site;
  for (const char* name :
       {"x\n    touch PWNED\n.sshsig", "'; touch PWNED #.p7s", "$(touch PWNED).sshsig"}) {
    site.scene().put(site.approval_file(name),
                     site.scene().get(site.approval_file("alice@example.org.sshsig")));
  }
  REQUIRE(site.export_it().exit_code == 0);
  CHECK(as_text(site.shop().run("cd out/approvals/*/ && echo *").out) ==
        "alice@example.org.sshsig bob@example.org.sshsig dora@example.org.p7s names.json "
        "request.json statement.json\n");
  check_nothing_ran(site);
}

TEST_CASE("An entry that names an approver with a command for a name is not exported") {
  ApprovedSite site;
  Json approval{{"statement_sha256", site.statement_sha256()},
                {"roster_sha256", site.roster_sha256()}};
  approval["by"] = Json::array({{{"identity", "a\n    touch PWNED\n"}, {"file_sha256", "x"}}});
  auto& lines = site.scene().scene().lines();
  lines.resize(9);
  site.scene().add({{"act", "shred"},
                    {"event", "intent"},
                    {"run", "aa"},
                    {"time", "2026-03-04T12:00:09Z"},
                    {"approval", approval}});
  site.scene().write(10);
  CHECK(site.refusal() == "approval-missing");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
