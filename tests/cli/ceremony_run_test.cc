// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A ceremony that is run at a terminal: as its file says, left at each prompt, and with what
// differs.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Asked = CeremonySite::Asked;

const std::string kWhole = "1 done;2 done;3 done;4 done;5 done;6 not-chosen;7 done;";

TEST_CASE("A ceremony is run as its file says, and the log proves it offline") {
  const CeremonySite site;
  if (!site.ready()) return;
  const Json seen = site.hold(CeremonySite::all());
  CAPTURE(seen["screen"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(site.told() == kWhole);
  CHECK(site.differences() == "holds");
  site.scene.check_with_other_programs();
  // The file that was read, by sha256sum; and what was typed is not in the log.
  CHECK(site.python("f = hashlib.sha256(open('short.toml','rb').read()).hexdigest()\n"
                    "print(results('ceremony-open')[0]['file_sha256'] == f, "
                    "results('ceremony-close')[0]['ending'], 'Olga' in open("
                    "'site/transcript/log.jsonl').read(), end='')") == "True completed False");
  // The act of step 2 names it, and the end of the ceremony is the end of the log.
  CHECK(site.python("acts = [e for e in log if e['event'] == 'intent' and 'ceremony' in e]\n"
                    "print([(e['act'], e['ceremony']['step']) for e in acts], log[-1]['act'], "
                    "end='')") == "[('generate-kek', 2)] ceremony-close");
  CHECK(seen["screen"].get<std::string>().find("the bag is 4711") != std::string::npos);
  CHECK(in_one_line(seen["screen"].get<std::string>())
            .find("All steps are done, as the script says. At step 5 \"short\" was chosen.") !=
        std::string::npos);
}

TEST_CASE("Without a terminal a ceremony that has no teardown is aborted") {
  const CeremonySite site;
  if (!site.ready()) return;
  site.shop().must("sed -i '/^\\[\\[teardown\\]\\]/,$d' short.toml");
  auto asked = CeremonySite::coming_in();
  asked.push_back({"Type exactly: we agree", "q"});
  CHECK(site.hold(asked)["exit"] == 7);
  const auto aborted = site.run({"abort", "--reason", "nobody came back"});
  CAPTURE(aborted.err);
  CHECK(aborted.exit_code == 0);
  CHECK(site.differences().starts_with("aborted"));
}

TEST_CASE("An abort that people have to go on with waits for a terminal, and says who is asked") {
  const CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.push_back({"Type exactly: we agree", "q"});
  CHECK(site.hold(asked)["exit"] == 7);
  CHECK(site.at_terminal({"abort", "--reason", "the lamp broke"}, {}, "Press Enter",
                         SIGKILL)["exit"] == 128 + SIGKILL);
  const auto resumed = site.run({"resume"});
  site.scene.refused(resumed, 2, "terminal-missing");
  CHECK(in_one_line(resumed.err).find("\"Lock the safe\" asks the witness") != std::string::npos);
  const Json seen = site.at_terminal({"resume"}, {{"Press Enter", ""}});
  CHECK(code_in(seen) == "ceremony-aborted");
  CHECK(site.differences().starts_with("aborted"));
}

TEST_CASE("A ceremony that is left at any prompt goes on there, and ends the same") {
  const auto all = CeremonySite::all();
  for (std::size_t i = 3; i < all.size(); i += 2) {
    CAPTURE(i);
    const CeremonySite site;
    if (!site.ready()) return;
    const std::vector<Asked> before(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i));
    const int signal = i % 4 == 3 ? SIGINT : SIGKILL;
    const Json left = site.hold(before, all[i].prompt, signal);
    CHECK(left["exit"] == 128 + signal);
    if (signal == SIGINT)
      CHECK(left["screen"].get<std::string>().find("keyrite ceremony resume " + site.id()) !=
            std::string::npos);
    CHECK(site.differences().find("not-over") != std::string::npos);
    auto after = CeremonySite::coming_in();
    after.insert(after.end(), all.begin() + static_cast<std::ptrdiff_t>(i), all.end());
    const Json seen = site.at_terminal({"resume"}, after);
    CAPTURE(seen["screen"].get<std::string>());
    CAPTURE(seen["err"].get<std::string>());
    REQUIRE(seen["exit"] == 0);
    CHECK(site.told() == kWhole);
    CHECK(site.differences() == "holds");
  }
}

TEST_CASE("Wrong words, a deviation, q and the end of the input change nothing of the script") {
  const CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "We agree"},
                             {"not what the script says. Type exactly", "!"},
                             {"What differs", "the lamp broke"},
                             {"Witness, type", "confirmed"},
                             {"Deviation no. 1", ""}});
  asked.back() = {"> ", "q"};
  const Json left = site.hold(asked);
  CAPTURE(left["screen"].get<std::string>());
  CHECK(left["exit"] == 7);
  CHECK(code_in(left) == "ceremony-left");
  auto rest = CeremonySite::coming_in();
  for (const auto& one : CeremonySite::steps()) rest.push_back(one);
  const Json seen = site.at_terminal({"resume"}, rest);
  REQUIRE(seen["exit"] == 0);
  CHECK(site.differences() == "holds");
  CHECK(site.python("d = results('ceremony-deviation')[0]\n"
                    "t = json.load(open('site/texts/' + d['text_sha256']))\n"
                    "print(d['deviation'], d['step'], t['text'], "
                    "results('ceremony-close')[0]['ending'], end='')") ==
        "1 1 the lamp broke completed-with-deviations");
}

std::size_t widest_after(const std::string& screen, const std::string& mark) {
  std::size_t widest = 0;
  std::istringstream lines(screen.substr(screen.find(mark)));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    widest = std::max(widest, line.size());
  }
  return widest;
}

TEST_CASE("A window whose size changes at a prompt loses nothing, and the next lines fit it") {
  const CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::all();
  asked[3].columns = 60;  // at the first words
  const Json seen = site.hold(asked);
  const auto screen = seen["screen"].get<std::string>();
  CAPTURE(screen);
  REQUIRE(seen["exit"] == 0);
  CHECK(site.told() == kWhole);
  CHECK(screen.find(std::string(80, '-')) != std::string::npos);
  CHECK(screen.find("\n" + std::string(60, '-') + "\r") != std::string::npos);
  CHECK(widest_after(screen.substr(0, screen.find("All steps are done")), "Step 3 of 7") <= 60);
}

TEST_CASE("Each place is another person's") {
  const CeremonySite site;
  if (!site.ready()) return;
  const Json seen = site.hold({{"HH:MM", CeremonySite::coming_in().front().typed},
                               {"Name of operator", "Olga"},
                               {"Name of witness", "OLGA"},
                               {"Name of witness 1 of 1: ", "q"}});
  CHECK(code_in(seen) == "ceremony-left");
  CHECK(site.differences().find("check-in-missing") != std::string::npos);
}

TEST_CASE("Clocks that are apart are a deviation") {
  const CeremonySite site;
  if (!site.ready()) return;
  const Json seen = site.hold({{"HH:MM", "25:00"},
                               {"HH:MM)? ", "00:00"},
                               {"What differs", "the wall clock stands"},
                               {"Witness, type", "confirmed"},
                               {"Name of operator", "q"}});
  const std::string deviations = site.python("print(len(results('ceremony-deviation')), end='')");
  // At midnight they are not apart.
  CHECK((deviations == "1" || seen["screen"].get<std::string>().find("00:0") != std::string::npos));
}

TEST_CASE("A step that fails may be tried again, or ends the ceremony with its teardown") {
  const CeremonySite site;
  if (!site.ready()) return;
  (void)site.scene.must("generate-kek",
                        Words{"--type", "aes-256", "--label", "k1"} + site.operator_words);
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"},
                             {"Type exactly: go", "go"},
                             {"Type \"again\" or \"abort\"", "again"},
                             {"Type exactly: go", "go"},
                             {"Type \"again\" or \"abort\"", "abort"},
                             {"Press Enter", ""}});
  const Json seen = site.hold(asked);
  CAPTURE(seen["screen"].get<std::string>());
  CHECK(seen["exit"] == 1);
  CHECK(code_in(seen) == "ceremony-aborted");
  CHECK(seen["screen"].get<std::string>().find("label-taken") != std::string::npos);
  CHECK(site.told() == "1 done;2 failed;2 failed;8 done;");
  CHECK(site.differences() == "aborted step-failed");
  site.scene.refused(site.run({"resume", site.id()}), 1, "ceremony-over");
  site.scene.refused(site.run({"resume"}), 2, "ceremony-not-given");
  site.scene.refused(site.run({"resume", std::string(32, 'a')}), 2, "ceremony-unknown");
}

TEST_CASE("Values that differ end the ceremony, and abort says what was made") {
  const CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"},
                             {"Type exactly: go", "go"},
                             {"type \"differs\"", "00000000"},
                             {"not the end of the value", "differs"},
                             {"no other way on", "q"}});
  const Json left = site.hold(asked);
  CHECK(left["exit"] == 7);
  const Json error = parse_json(as_bytes(left["out"].get<std::string>()), "output")["error"];
  CHECK(error["message"].get<std::string>().find("can only be aborted") != std::string::npos);
  CHECK(error["hint"].get<std::string>().find("resume") == std::string::npos);
  CHECK(error["hint"].get<std::string>().find("ceremony abort " + site.id()) != std::string::npos);
  const auto list = site.run({"list"});
  CHECK(list.err.find("can only be aborted: step 3 failed") != std::string::npos);
  CHECK(site.told() == "1 done;2 done;3 failed;");
  const Json seen =
      site.at_terminal({"abort", "--reason", "the letter is another"}, {{"Press Enter", ""}});
  CAPTURE(seen["screen"].get<std::string>());
  CHECK(seen["exit"] == 0);
  CHECK(seen["screen"].get<std::string>().find("step 2: generate-kek, label k1, id ") !=
        std::string::npos);
  CHECK(site.differences() == "aborted step-failed");
}

TEST_CASE("What cannot be compared, or was never made, stops the ceremony where it is") {
  const CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "go"}});
  Json seen =
      site.at_terminal({"run", site.file, "--bind", "label=k1", "--bind", "number=4711"}, asked);
  CHECK(seen["exit"] == 1);
  CHECK(code_in(seen) == "compare-impossible");
  // Its teardown asks people: without a terminal it is not begun.
  const auto before = site.python("print(len(log), end='')");
  site.scene.refused(site.run({"abort", "--reason", "no number"}), 2, "terminal-missing");
  CHECK(site.python("print(len(log), end='')") == before);
  CHECK(parse_json(as_bytes(site.run({"list"}).out),
                   "output")["result"]["ceremonies"][0]["stands"] == "under-way");
  site.shop().must(
      "awk '/name = \"same\"/ && !done { print \"name = \\\"again\\\"\\nact = "
      "\\\"generate-kek\\\"\\ntitle = "
      "\\\"A\\\"\\nrole = \\\"operator\\\"\\n[step.with]\\ntype = \\\"aes-256\\\"\\nlabel = "
      "\\\"x\\\"\\nid = "
      "\\\"${make.public-key-sha256}\\\"\\n\\n[[step]]\"; done = 1 } { print }' short.toml > "
      "odd.toml");
  seen = site.at_terminal(Words{"run", site.path("odd.toml"), "--bind", "label=k2", "--bind",
                                "number=0123456789abcdef"},
                          asked);
  CAPTURE(seen["screen"].get<std::string>());
  CHECK(code_in(seen) == "ceremony-value-unknown");
}

TEST_CASE("A rehearsal is marked, has a token and a log of its own, and leaves out the clouds") {
  const CeremonySite site;
  if (!site.ready()) return;
  const Json seen = site.rehearse(CeremonySite::all());
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(seen["screen"].get<std::string>().find("REHEARSAL") != std::string::npos);
  CHECK(site.told().empty());
  const auto verified = run_program(
      Words{tool_path("verify-ceremony"), site.file, site.path("practice/site"), "--json"});
  CAPTURE(verified.err);
  CHECK(verified.exit_code == 0);
  const Json told = parse_json(as_bytes(verified.out), "output")["result"];
  CHECK(told["mode"] == "rehearsal");
  CHECK(told["log"].get<std::string>().starts_with("rehearsal."));
  // Nothing is overwritten, and a module that is none is said.
  CHECK(code_in(site.rehearse({})) == "output-exists");
  const auto missing = run_program(
      Words{tool_path("ceremony"), "rehearse", site.file, "--out", site.path("other"), "--json"},
      {.environment = {{"PATH", "/nonexistent"}}});
  CHECK(parse_json(as_bytes(missing.out), "output")["error"]["code"] == "softhsm-missing");
  site.shop().must(
      "mkdir bin && printf '#!/bin/sh\nexit 1\n' > bin/softhsm2-util && chmod +x bin/*");
  const auto failing = run_program(
      Words{tool_path("ceremony"), "rehearse", site.file, "--out", site.path("third"), "--json"},
      {.environment = {{"PATH", site.path("bin") + ":/usr/bin:/bin"}}});
  CHECK(parse_json(as_bytes(failing.out), "output")["error"]["code"] == "throwaway-token-failed");
}

TEST_CASE("Without a terminal nothing is begun that asks people") {
  const CeremonySite site;
  if (!site.ready()) return;
  site.scene.refused(site.run(Words{"run", site.file} + site.bound), 2, "terminal-missing");
  CHECK(site.told().empty());
}

TEST_CASE("Inputs are bound once, by their names, and stay as they were") {
  const CeremonySite site;
  if (!site.ready()) return;
  const auto refused = [&](const Words& bind, const std::string& code) {
    CAPTURE(code);
    site.scene.refused(site.run(Words{"run", site.file} + bind), 2, code);
  };
  refused({"--bind", "label"}, "bind-invalid");
  refused({"--bind", "label=a", "--bind", "label=b"}, "bind-invalid");
  refused({"--bind", "lable=a"}, "bind-unknown");
  refused({"--bind", "label=a"}, "bind-missing");
  (void)site.hold({{"HH:MM", "q"}});
  site.scene.refused(site.run({"resume", "--bind", "label=k2"}), 2, "bind-differs");
  // One process at a time, which holds a file.
  const auto held = site.shop().run("flock site/under-way/ceremony-" + site.id() + " '" +
                                    tool_path("ceremony") + "' resume --site site --json");
  CHECK(held.exit_code == 1);
  CHECK(parse_json(held.out, "output")["error"]["code"] == "ceremony-running");
  site.shop().must("rm site/ceremonies/*/ceremony.toml");
  site.scene.refused(site.run({"resume"}), 2, "ceremony-file-lost");
}

TEST_CASE("A file that is not the one that was begun with is not run on") {
  const CeremonySite site;
  if (!site.ready()) return;
  (void)site.hold({{"HH:MM", "q"}});
  site.shop().must("sed -i 's/we agree/we do not/' site/ceremonies/*/ceremony.toml");
  site.scene.refused(site.run({"resume"}), 6, "ceremony-other-file");
  site.shop().must("sed 's/we agree/we do not/' short.toml > other.toml");
  CHECK(site.differences(site.path("other.toml")) == "ceremony-not-in-log");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
