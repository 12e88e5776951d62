// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One approval for the acts of a ceremony, and what comes before and after it.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct ApprovedCeremony : CeremonySite {
  ApprovedCeremony() {
    if (ready())
      shop().must(
          "printf '\n[approvals.needed.generate-kek]\nsecurity-officer = 2\n' >> site/site.toml");
  }
  [[nodiscard]] Words signatures() const {
    scene.refused(run(Words{"approve", file} + bound), 7, "approval-needed");
    const auto statement = scene.statement();
    return {"--approval", scene.sign("alice", statement), "--approval",
            scene.sign("bob", statement)};
  }
};

TEST_CASE("Two officers approve a ceremony, and its acts need nobody more") {
  const ApprovedCeremony site;
  if (!site.ready()) return;
  const auto signatures = site.signatures();
  site.scene.refused(site.run(Words{"approve", site.file} + site.bound + signatures), 2,
                     "approval-too-early");
  const Json seen =
      site.at_terminal(Words{"run", site.file} + site.bound + signatures, CeremonySite::all());
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(site.differences() == "holds");
  (void)site.scene.verify();
  CHECK(site.python("i = [e for e in log if e['event'] == 'intent']\n"
                    "o = [e for e in i if e['act'] == 'ceremony-open'][0]\n"
                    "k = [e for e in i if e['act'] == 'generate-kek'][0]\n"
                    "print(len(o['approval']['by']), o['also'], 'approval' in k, "
                    "o['inputs']['step.2.label'] == k['request']['label'], end='')") ==
        "2 ['generate-kek'] False True");
}

TEST_CASE("What was approved is what is done: another label in the site's file is refused") {
  const ApprovedCeremony site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.push_back({"Type exactly: we agree", "q"});
  const auto approved = Words{"run", site.file} + site.bound + site.signatures();
  CHECK(site.at_terminal(approved, asked)["exit"] == 7);
  site.shop().must("sed -i 's/\"k1\"/\"k2\"/' site/ceremonies/*/bindings.json");
  site.scene.refused(site.run({"resume"}), 6, "ceremony-bindings-changed");
  // And the registry with it: officers read another name for this pseudonym.
  site.shop().must(
      "python3 -c \"import sqlite3, hashlib; d = sqlite3.connect('site/registry.sqlite'); "
      "d.execute('UPDATE pseudonym SET name = ?, name_sha256 = ? WHERE name = ?', ('k2', "
      "hashlib.sha256(b'k2').hexdigest(), 'k1')); d.commit()\"");
  const auto swapped = site.run({"resume"});
  CHECK(swapped.exit_code == 6);
  CHECK(site.told().empty());
}

TEST_CASE("Officers read the steps in order of their numbers, with titles, in 80 columns") {
  const ApprovedCeremony site;
  if (!site.ready()) return;
  const auto asked = site.run(Words{"approve", site.file} + site.bound);
  CHECK(asked.exit_code == 7);
  const auto statement = site.scene.statement();
  const std::string folder = statement.substr(0, statement.rfind('/'));
  // Where the signature goes, as a path that works from here.
  CHECK(asked.err.find(folder + "/") != std::string::npos);
  const auto shown = run_program(Words{tool_path("approve"), "show", statement});
  CAPTURE(shown.out);
  CAPTURE(shown.err);
  REQUIRE(shown.exit_code == 0);
  const std::string text = shown.out + shown.err;
  std::size_t at = 0;
  for (const char* title :
       {"step 1: \"Agree\"", "step 2: \"Make the key\"", "keyrite generate-kek", "--label",
        "step 3: \"Compare the number\"", "step 7: \"The end\"", "step 8: \"Lock the safe\""}) {
    CAPTURE(title);
    at = text.find(title, at);
    CHECK(at != std::string::npos);
  }
}

TEST_CASE("A policy that wants nobody is said, and a plan needs the token alone") {
  const CeremonySite site;
  if (!site.ready()) return;
  const auto approve = site.run(Words{"approve", site.file} + site.bound);
  CHECK(approve.exit_code == 0);
  CHECK(approve.err.find("needs nobody's approval") != std::string::npos);
  const auto plan = site.run(Words{"plan", site.file} + site.bound);
  CAPTURE(plan.err);
  CHECK(plan.exit_code == 0);
  CHECK(plan.err.find("would make aes-256 \"k1\"") != std::string::npos);
  (void)site.scene.must("generate-kek",
                        Words{"--type", "aes-256", "--label", "k1"} + site.operator_words);
  const auto taken = site.run(Words{"plan", site.file} + site.bound);
  CHECK(taken.exit_code == 1);
  CHECK(parse_json(as_bytes(taken.out), "output")["result"]["acts"][0]["refused"] == "label-taken");
}

TEST_CASE("A plan and a check mark what is done when a ceremony is aborted") {
  const CeremonySite site;
  if (!site.ready()) return;
  site.shop().must(
      "printf '[[teardown]]\\nname = \"look\"\\nact = \"inventory reconcile\"\\n"
      "title = \"Look\"\\nrole = \"witness\"\\n' >> short.toml");
  const auto plan = site.run(Words{"plan", site.file} + site.bound);
  CAPTURE(plan.err);
  CHECK(plan.exit_code == 0);
  CHECK(plan.err.find("teardown step 9 (inventory reconcile)") != std::string::npos);
  const Json acts = parse_json(as_bytes(plan.out), "output")["result"]["acts"];
  CHECK(acts[0]["teardown"] == false);
  CHECK(acts[1]["teardown"] == true);
  const auto check = run_program(Words{tool_path("ceremony"), "check", site.file, "--json"});
  CHECK(check.err.find("teardown 8 ") != std::string::npos);
}

TEST_CASE("Script and minutes are one page each, whose numbers are those of the log") {
  const CeremonySite site;
  if (!site.ready()) return;
  REQUIRE(site.hold(CeremonySite::all())["exit"] == 0);
  const auto print = run_program(Words{tool_path("ceremony"), "print", site.file, "--out",
                                       site.path("script.html"), "--json"});
  CAPTURE(print.err);
  CHECK(print.exit_code == 0);
  const auto report = site.run({"report", site.id(), "--out", site.path("minutes.html")});
  CAPTURE(report.err);
  CHECK(report.exit_code == 0);
  CHECK(site.run({"report", site.id(), "--out", site.path("minutes.html")}).exit_code == 2);
  // Without an id it is that of the last one.
  CHECK(site.run({"report", "--out", site.path("last.html")}).exit_code == 0);
  CHECK(site.python("p = open('last.html').read()\n"
                    "print(p.count('<h3>') , p.count('agreed<br>'), end='')") == "7 2");
  site.scene.refused(site.run({"report", std::string(32, 'a'), "--out", site.path("none.html")}), 2,
                     "ceremony-unknown");
  CHECK_FALSE(std::filesystem::exists(site.path("none.html")));
  CHECK(site.python("p = open('minutes.html').read()\n"
                    "s = open('script.html').read()\n"
                    "f = hashlib.sha256(open('short.toml','rb').read()).hexdigest()\n"
                    "print(f[:4] in s, 'Olga' in p, 'Will' in p, '4711' in p, "
                    "'http' in s.replace('http-equiv', '').replace('http://www.w3.org', ''), "
                    "'<script' in p + s, end='')") == "True True True True False False");
}

TEST_CASE("An operation that the ceremony's statement does not show keeps its own approvals") {
  const ApprovedCeremony site;
  if (!site.ready()) return;
  // Not by a ceremony: the tool itself asks.
  site.scene.refused(site.scene.run("generate-kek", Words{"--type", "aes-256", "--label", "k9"} +
                                                        site.operator_words),
                     7, "approval-needed");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
