// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The shipped ceremony that opens a site: from an empty token to a log that begins with it.
#include <doctest/doctest.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/room.h"
#include "support/program.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kRoster = R"sh(set -e
for person in alice bob; do ssh-keygen -q -t ed25519 -N '' -C $person -f $person; done
for person in alice bob; do
  printf '[[approver]]\nidentity = "%s@example.org"\nroles = ["security-officer"]\nkeys = ["%s"]\n\n' \
    $person "$(cat $person.pub)"
done > roster.toml)sh";

// {"expect": ...}, {"send": ...}: what is shown and typed, in turn.
struct Dialogue {
  Json steps = Json::array();
  Dialogue& typed(const std::string& shown, const std::string& text) {
    steps.push_back({{"expect", shown}});
    steps.push_back({{"send", text + "\n"}});
    return *this;
  }
  // The script says what to type in a line, and asks for it in the next.
  Dialogue& words(const std::string& text) {
    steps.push_back({{"expect", "Type exactly: " + text}});
    return typed("> ", text);
  }
  Dialogue& came_in() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    typed("HH:MM", fmt::format("{:%H:%M}", fmt::gmtime(now)));
    typed("Name of operator", "Olga").typed("officer 1 of 2", "Alice");
    return typed("officer 2 of 2", "Bob").typed("Name of witness", "Will");
  }
  Dialogue& before_site() {
    came_in().words("we agree");
    steps.push_back({{"expect", "Read the serial number from the device"}});
    typed("> ", "!").typed("What differs", "the plate is scratched").typed("Witness", "confirmed");
    typed("> ", "SN-4711").typed("Press Enter when all", "");
    steps.push_back({{"expect", "Read the SHA-256 of the roster"}});
    return typed("> ", std::string(64, 'a')).words("this is the roster").words("go");
  }
  Dialogue& after_site() {
    words("the same roster").words("this is the policy").words("this name");
    steps.push_back({{"expect", "Type the key of the log"}});
    typed("> ", "the vkey").words("we have noted it").words("go").words("go");
    return words("I saw each step");
  }
};

struct EmptyToken {
  Room room{Inputs::kGood};
  std::string file{KEYRITE_SOURCE_DIR "/ceremonies/site-opening.toml"};

  EmptyToken() {
    if (room.token) room.shop.must(kRoster);
  }
  [[nodiscard]] Words bound() const {
    return {"--bind", "origin=keyrite.example/opened",
            "--bind", "site=" + room.path("site"),
            "--bind", "last-signed=" + room.path("last-signed"),
            "--bind", "roster=" + room.path("roster.toml")};
  }
  [[nodiscard]] static Json at_terminal(const Words& words, const Dialogue& dialogue) {
    const auto done =
        run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                          dialogue.steps.dump(), "--", tool_path("ceremony")} +
                    words + Words{"--json"});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    return parse_json(as_bytes(done.out), "at_terminal");
  }
  [[nodiscard]] Json run(const Dialogue& dialogue) const {
    return at_terminal(Words{"run", file} + bound() + room.at_token(), dialogue);
  }
  [[nodiscard]] ProgramRun verified(const std::string& of = {}) const {
    return run_program(Words{tool_path("verify-ceremony"), of.empty() ? file : of,
                             room.path("site"), "--vkey", room.path("site/vkeys"), "--json"});
  }
  [[nodiscard]] std::string differences() const {
    const Json told = parse_json(as_bytes(verified().out), "output")["result"];
    std::string codes;
    for (const auto& one : told["differences"])
      codes += (codes.empty() ? "" : " ") + one["code"].get<std::string>();
    return codes.empty() ? "holds" : codes;
  }
  [[nodiscard]] std::string python(const std::string& program) const {
    room.shop.put("look.py", as_bytes("import json\nlog = [json.loads(l) for l in "
                                      "open('site/transcript/log.jsonl')]\n" +
                                      program));
    return as_text(room.shop.must("python3 look.py"));
  }
};

const std::string kToldSteps =
    "print(''.join(f\"{f['step']} {f['outcome']};\" for f in [e['facts'] for e in log if "
    "e['act'] == 'ceremony-step' and e['event'] == 'result'] if f['step']), end='')";
const std::string kAllSteps =
    "1 done;2 done;3 done;4 done;5 done;6 done;7 done;8 done;9 done;10 done;11 done;12 done;13 "
    "done;14 done;";

TEST_CASE("An empty token and a roster become a site whose log begins with its own opening") {
  const EmptyToken empty;
  if (!empty.room.token) return;
  const Json seen = empty.run(Dialogue().before_site().after_site());
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  // It is logged, and the ceremony says by itself what comes next.
  const std::string shown = seen["screen"].get<std::string>() + seen["err"].get<std::string>();
  CHECK(shown.find("not logged") == std::string::npos);
  CHECK(shown.find("WRITE DOWN") != std::string::npos);
  CHECK(shown.find("NEXT") == std::string::npos);
  CHECK(empty.differences() == "holds");
  CHECK(empty.python("print([(e['event'], e['act']) for e in log[:3]], end='')") ==
        "[('opened', 'init-site'), ('intent', 'ceremony-open'), ('result', 'ceremony-open')]");
  CHECK(empty.python(kToldSteps) == kAllSteps);
  // What was typed before there was a log is beside it now, and the times are those of then.
  CHECK(empty.python("r = [e['facts'] for e in log if e['event'] == 'result' and e['act'] == "
                     "'ceremony-step' and e['facts']['step'] == 2][0]\n"
                     "d = [e['facts'] for e in log if e['event'] == 'result' and e['act'] == "
                     "'ceremony-deviation'][0]\n"
                     "t = lambda f: json.load(open('site/texts/' + f['text_sha256']))['text']\n"
                     "print(t(r), t(d), d['step'], r['answered_at'] <= log[0]['time'], end='')") ==
        "SN-4711 the plate is scratched 2 True");
  CHECK_FALSE(std::filesystem::exists(empty.room.path("site.opening.json")));
  // Another file, and a log that was changed.
  empty.room.shop.must("sed 's/we agree/we do not/' '" + empty.file + "' > other.toml");
  CHECK(parse_json(as_bytes(empty.verified(empty.room.path("other.toml")).out),
                   "output")["error"]["code"] == "ceremony-not-in-log");
  empty.room.shop.must(
      "sed -i '0,/\"outcome\":\"done\",\"person\":0/s//\"outcome\":\"done\","
      "\"person\":1/' site/transcript/log.jsonl");
  CHECK(empty.verified().exit_code == 6);
}

TEST_CASE("A run that is killed while the log gets its beginning is resumed, and loses nothing") {
  const EmptyToken empty;
  if (!empty.room.token) return;
  Dialogue dialogue;
  dialogue.before_site().steps.push_back({{"expect", "made site"}});
  dialogue.steps.push_back({{"signal", SIGKILL}});
  CHECK(empty.run(dialogue)["exit"] == 128 + SIGKILL);
  REQUIRE(std::filesystem::exists(empty.room.path("site.opening.json")));
  // The site has its token.
  const Json seen = EmptyToken::at_terminal(
      {"resume", "--site", empty.room.path("site"), "--pin-file", empty.room.path("pin")},
      Dialogue().came_in().after_site());
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(empty.differences() == "holds");
  CHECK(empty.python(kToldSteps) == kAllSteps);
  CHECK_FALSE(std::filesystem::exists(empty.room.path("site.opening.json")));
}

TEST_CASE("Whoever leaves before the site is made leaves nothing, and no site is named") {
  const EmptyToken empty;
  if (!empty.room.token) return;
  Dialogue dialogue;
  dialogue.came_in().steps.push_back({{"expect", "Type exactly: we agree"}});
  dialogue.typed("> ", "q");
  const Json seen = empty.run(dialogue);
  CHECK(seen["exit"] == 7);
  const Json error = parse_json(as_bytes(seen["out"].get<std::string>()), "output")["error"];
  CHECK(error["code"] == "ceremony-left");
  CHECK(error["hint"].get<std::string>().find("from its first step") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(empty.room.path("site")));
  const auto plan = run_program(Words{tool_path("ceremony"), "plan", empty.file} + empty.bound() +
                                Words{"--json"} + empty.room.at_token());
  CAPTURE(plan.err);
  CHECK(plan.exit_code == 0);
  CHECK(plan.err.find("done when the site is there") != std::string::npos);
  const auto made = run_program(Words{tool_path("init-site"), empty.room.path("other"), "--origin",
                                      "keyrite.example/other", "--last-signed",
                                      empty.room.path("other-last"), "--json"} +
                                empty.room.at_token());
  REQUIRE(made.exit_code == 0);
  const auto refused = run_program(Words{tool_path("ceremony"), "run", empty.file} + empty.bound() +
                                   Words{"--site", empty.room.path("other"), "--json"});
  CHECK(refused.exit_code == 2);
  CHECK(parse_json(as_bytes(refused.out), "output")["error"]["code"] == "ceremony-makes-site");
}

TEST_CASE("The opening of a site is rehearsed at a token of its own") {
  const EmptyToken empty;
  if (!empty.room.token) return;
  Dialogue dialogue;
  dialogue.came_in()
      .words("we agree")
      .steps.push_back({{"expect", "Read the serial number from the device"}});
  dialogue.typed("> ", "SN-0").steps.push_back({{"expect", "Read the SHA-256 of the roster"}});
  dialogue.typed("> ", std::string(64, 'a')).words("this is the roster").words("go").after_site();
  const auto done =
      run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                        dialogue.steps.dump(), "--", tool_path("ceremony"), "rehearse", empty.file,
                        "--out", empty.room.path("practice"), "--json"});
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  const Json seen = parse_json(as_bytes(done.out), "at_terminal");
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  const auto verified = run_program(
      Words{tool_path("verify-ceremony"), empty.file, empty.room.path("practice/site"), "--json"});
  CHECK(verified.exit_code == 0);
  const Json told = parse_json(as_bytes(verified.out), "output")["result"];
  CHECK(told["mode"] == "rehearsal");
  CHECK(told["log"].get<std::string>().starts_with("rehearsal."));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
