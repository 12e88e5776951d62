// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A tenant leaves by its checklist: each command that it shows is run, as a shell reads it.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cli/document_shape.h"
#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kBetaOlga{"--operator", "olga@example.org"};

struct LeavingSite {
  ShredSite site{};

  [[nodiscard]] Json list(int exit_code, const Words& more = {}) const {
    const auto done = site.scene.run("inventory", Words{"offboard", "Acme"} + more + kBetaOlga);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    return parse_json(as_bytes(done.out), "output")["result"];
  }
  [[nodiscard]] static Json item(const Json& list, const std::string& what) {
    for (const auto& one : list["items"]) {
      if (one["what"] == what) return one;
    }
    FAIL("no item " << what);
    return {};
  }
  // The command of an item, with what a person fills in; "keyrite TOOL ..." by the shell.
  void obey(const Json& item, const std::string& fill, int exit_code = 0) const {
    REQUIRE(item["command"].is_string());
    const std::string command = item["command"];
    CAPTURE(command);
    const std::string tools = tool_path("inventory");
    const std::string folder = tools.substr(0, tools.rfind('/'));
    site.shop().put("obey.sh",
                    as_bytes("keyrite() { tool=$1; shift; \"" + folder +
                             "/$tool\" \"$@\" --site site --operator olga@example.org; }\n"
                             "REASON='they left us'; " +
                             fill + "\n" + replaced(command) + "\n"));
    const auto done = site.shop().run("sh obey.sh 2>said");
    CAPTURE(as_text(site.shop().get("said")));
    CHECK(done.exit_code == exit_code);
  }

 private:
  static std::string replaced(std::string command) {
    for (const std::string word : {"REASON", "FOLDER", "FILE"}) {
      for (std::size_t at = command.find(word); at != std::string::npos;
           at = command.find(word, at + word.size() + 4))
        command.replace(at, word.size(), word == "FILE" ? "$" + word + " " : "\"$" + word + "\"");
    }
    return command;
  }
};

TEST_CASE("A tenant has left when the commands of its checklist were run, one after the other") {
  const LeavingSite at;
  if (!at.site.ready()) return;
  Json list = at.list(7, {"--requested-at", "2026-01-31"});
  CHECK(list["requested_from"] == "given");
  CHECK(list["by"] == "2026-02-28T00:00:00Z");
  CHECK(LeavingSite::item(list, "offboard")["state"] == "to-do");
  CHECK(LeavingSite::item(list, "offboard")["late"] == true);
  CHECK(LeavingSite::item(list, "holder")["state"] == "outside");
  CHECK(LeavingSite::item(list, "shred")["state"] == "to-do");
  at.obey(LeavingSite::item(list, "offboard"), "");
  // What was given is in the log now, and in this entry nobody vouches for it yet.
  list = at.list(7);
  CHECK(list["requested_from"] == "entry");
  CHECK(list["requested_at"] == "2026-01-31T00:00:00Z");
  CHECK(LeavingSite::item(list, "offboard")["state"] == "done");
  CHECK(LeavingSite::item(list, "offboard")["by"]["signed"] == false);
  at.obey(LeavingSite::item(list, "shred"), "", 7);
  list = at.list(7);
  CHECK(LeavingSite::item(list, "shred")["state"] == "waits");
  CHECK(LeavingSite::item(list, "certificate")["state"] == "waits");
  const auto statement = at.site.path(as_text(
      at.site.shop().must("printf %s \"$(ls -t site/approvals/*/statement.json | head -n 1)\"")));
  const auto alice = at.site.scene.sign("alice", statement);
  const auto bob = at.site.scene.sign("bob", statement);
  at.obey(LeavingSite::item(list, "shred"),
          "FILE='" + alice + " " + bob + " --requested-at 2026-01-31T00:00:00Z'");
  list = at.list(7);
  CHECK(LeavingSite::item(list, "shred")["state"] == "done");
  // Who was given data keys is told after the shred too.
  CHECK(LeavingSite::item(list, "holder")["state"] == "outside");
  CHECK(LeavingSite::item(list, "holder")["about"].get<std::string>().ends_with(
      " do not open any more"));
  CHECK(LeavingSite::item(list, "certificate")["state"] == "to-do");
  at.obey(LeavingSite::item(list, "certificate"), "FOLDER=acme-destroyed");
  list = at.list(7);
  CHECK(LeavingSite::item(list, "certificate")["state"] == "done");
  CHECK(LeavingSite::item(list, "names")["state"] == "to-do");
  CHECK(list["wrong"].empty());
  // The other tenant is at the beginning.
  const auto other = at.site.scene.run("inventory", Words{"offboard", "Beta"} + kBetaOlga);
  CHECK(other.exit_code == 7);
  CHECK(parse_json(as_bytes(other.out), "output")["result"]["requested_at"].is_null());
}

TEST_CASE("The checklist has the shape that is documented, and lines for a terminal") {
  const LeavingSite at;
  if (!at.site.ready()) return;
  (void)at.site.must("tenant", {"hold", "Acme", "--authority", "Court", "--reason", "case 12"});
  const auto done = at.site.scene.run(
      "inventory", Words{"offboard", "Acme", "--requested-at", "2026-01-31"} + kBetaOlga);
  CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
        document_shape(documented_example("inventory-offboard-result")));
  const auto text = run_program(
      Words{tool_path("inventory"), "offboard", "Acme", "--site", at.site.scene.site()} +
      kBetaOlga);
  CHECK(text.exit_code == 7);
  CHECK(text.out.find("BLOCKED") != std::string::npos);
  CHECK(text.out.find("keyrite tenant release Acme --reason REASON") != std::string::npos);
}

TEST_CASE("No checklist is made of a log that does not verify, or of no tenant") {
  const LeavingSite at;
  if (!at.site.ready()) return;
  const auto refused = [&](const Words& words, int exit_code, const std::string& code) {
    CAPTURE(code);
    at.site.scene.refused(at.site.scene.run("inventory", Words{"offboard"} + words + kBetaOlga),
                          exit_code, code);
  };
  refused({"Gamma"}, 2, "tenant-unknown");
  refused({"Acme", "--requested-at", "soon"}, 2, "time-invalid");
  at.site.scene.refused(at.site.scene.run("tenant", Words{"offboard", "Acme", "--reason", "x",
                                                          "--requested-at", "soon"} +
                                                        kBetaOlga),
                        2, "time-invalid");
  at.site.scene.refused(at.site.scene.run("tenant", Words{"offboard", "Acme", "--reason", "x",
                                                          "--end", "--requested-at", "2026-01-31"} +
                                                        kBetaOlga),
                        2, "offboard-end-request");
  at.site.shop().must(
      "sed -i '5s/\"operator\":\"olga/\"operator\":\"olgb/' site/transcript/log.jsonl");
  refused({"Acme"}, 6, "log-changed");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
