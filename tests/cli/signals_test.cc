// Signals at the real programs in a site: before the act nothing was done, from its intent on it is
// done, logged and reported. The token's module sends them (tests/support/faulty_module.cc).
#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/site_room.h"
#include "support/program.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr std::array kFromPeople{SIGINT, SIGTERM, SIGHUP};
constexpr const char* kWorking = ": the token is working; the result follows when it is done\n";
constexpr const char* kStopped = ": stopped: nothing was done\n";

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string fault(const std::string& function, int from, int times, int signal) {
  std::ostringstream words;
  words << function << ' ' << from << ' ' << times << " 0x" << std::hex << signal << " signal";
  return words.str();
}

struct SignalRoom : SiteRoom {
  SignalRoom() : SiteRoom(KEYRITE_FAULTY_MODULE) {}
  // `words`: all but the program's name.
  [[nodiscard]] ProgramRun run_with(const std::string& told, const std::string& tool,
                                    const Words& words) const {
    ProgramSettings settings;
    if (!told.empty()) settings.environment["KEYRITE_TEST_FAULT"] = told;
    return run_program(Words{tool_path(tool)} + words, settings);
  }
  [[nodiscard]] Words new_key(const std::string& label) const {
    return {"--type", "aes-256", "--label", label, "--for", "aws", "--site", site()};
  }
  // What no auditor doubts: the act has an intent and its result, and the log's key signed both.
  void check_logged(const std::string& act) const {
    const auto all = entries();
    REQUIRE(all.size() > 2);
    const Json& last = all.back();
    CHECK(last["act"] == act);
    CHECK(last["event"] == "result");
    CHECK(last["outcome"] == "done");
    CHECK(all[all.size() - 2]["event"] == "intent");
    CHECK(all[all.size() - 2]["run"] == last["run"]);
    CHECK(verify()["unsigned_entries"] == 0);
    check_with_other_programs();
  }
};

// One act, a signal while it is at the token and a second one, both outputs.
struct Act {
  std::string tool{};
  std::function<Words(const std::string& number)> words{};
  std::string shown{};  // what the person reads of its result
};

void check_told_and_done(const ProgramRun& run, const Act& act, bool json) {
  CAPTURE(run.err);
  CAPTURE(run.out);
  CHECK(run.exit_code == 0);
  CHECK(count_of(run.err, act.tool + kWorking) == 1);
  CHECK(count_of(run.err, kStopped) == 0);
  // What is looked at goes to standard output, unless a document does.
  CHECK((json ? run.err : run.err + run.out).find(act.shown) != std::string::npos);
  if (!json) return;
  const Json document = parse_json(as_bytes(run.out), "output");
  CHECK(document["keyrite"] == act.tool);
  CHECK(document.contains("result"));
}

// `after`: what holds once the act is done.
void try_act(
    const SignalRoom& room, const Act& act, const std::function<void()>& before = [] {},
    const std::function<void(const std::string& number)>& after = {}) {
  int number = 0;
  for (const int signal : kFromPeople) {
    for (const bool json : {false, true}) {
      const std::string name = std::to_string(++number);
      CAPTURE(signal);
      CAPTURE(json);
      before();
      Words words = act.words(name);
      if (json) words.emplace_back("--json");
      // The log's key is tried first. Then the vouch of the intent, or of what is settled, and a
      // checkpoint: the second signal comes while the first waits.
      check_told_and_done(room.run_with(fault("C_Sign", 2, 2, signal), act.tool, words), act, json);
      if (after) {
        after(name);
      } else {
        room.check_logged(act.tool);
      }
    }
  }
}

TEST_CASE("A key that is made under a signal is logged and reported") {
  const SignalRoom room;
  if (!room.room().token) return;
  try_act(room, {.tool = "generate-kek",
                 .words = [&](const std::string& name) { return room.new_key("key" + name); },
                 .shown = "made aes-256 \"key"});
}

TEST_CASE("A wrap under a signal is logged and reported") {
  const SignalRoom room;
  if (!room.room().token) return;
  room.must("generate-kek", {"--type", "aes-256", "--label", "k", "--for", "aws"});
  try_act(room, {.tool = "wrap-for-import",
                 .words =
                     [&](const std::string& name) {
                       Words words = room.room().wrap_for_aws("good.json", "k", "bundle" + name);
                       words.erase(words.begin());
                       return words + Words{"--site", room.site()};
                     },
                 .shown = "made import bundle"});
}

TEST_CASE("A token-check under a signal is logged and reported") {
  const SignalRoom room;
  if (!room.room().token) return;
  try_act(room, {.tool = "token-check",
                 .words =
                     [&](const std::string& /*name*/) {
                       return Words{"--type", "aes-256", "--site", room.site()};
                     },
                 .shown = "token-check removed everything that it made"});
}

TEST_CASE("A resume under a signal settles what there is, and says so") {
  const SignalRoom room;
  if (!room.room().token) return;
  std::size_t settled = 0;
  const auto leave_open = [&] {
    const auto killed = room.run_with(fault("C_GenerateKey", 1, 1, SIGKILL), "generate-kek",
                                      room.new_key("lost" + std::to_string(settled)));
    REQUIRE(killed.exit_code == 128 + SIGKILL);
    REQUIRE(room.entries().back()["event"] == "intent");
  };
  try_act(room,
          {.tool = "resume",
           .words =
               [&](const std::string& /*name*/) {
                 return Words{"--site", room.site()};
               },
           .shown = "keyrite settled 1 act without a result"},
          leave_open, [&](const std::string& /*name*/) {
            ++settled;
            CHECK(room.entries().back()["event"] == "settled");
            CHECK(room.verify()["unsigned_entries"] == 0);
            room.check_with_other_programs();
          });
}

TEST_CASE("A site that is made under a signal is whole, and its vkey is shown") {
  const SignalRoom room;
  if (!room.room().token) return;
  try_act(
      room,
      {.tool = "init-site",
       .words =
           [&](const std::string& name) {
             return Words{room.room().path("site" + name), "--origin", "keyrite.example/" + name,
                          "--last-signed", room.room().path("last" + name)} +
                    room.room().at_token();
           },
       .shown = "made site"},
      [] {},
      [&](const std::string& name) {
        const std::string folder = room.room().path("site" + name);
        const std::string vkey =
            as_text(room.room().shop.must("head -n 1 site" + name + "/vkeys | tr -d '\\n'"));
        room.room().shop.must("python3 check-site.py site" + name + "/transcript/log.jsonl site" +
                              name + "/transcript/checkpoint '" + vkey + "'");
        const auto verified =
            run_program({tool_path("transcript"), "verify", folder, "--vkey", vkey});
        CAPTURE(verified.err);
        CHECK(verified.exit_code == 0);
      });
}

TEST_CASE("Signals that timers and other programs send do not tear an act either") {
  const SignalRoom room;
  if (!room.room().token) return;
  for (const int signal : {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU}) {
    CAPTURE(signal);
    const auto run = room.run_with(fault("C_GenerateKey", 1, 1, signal), "generate-kek",
                                   room.new_key("key" + std::to_string(signal)));
    CAPTURE(run.err);
    CHECK(run.exit_code == 0);
    CHECK(count_of(run.err, kWorking) == 1);
    room.check_logged("generate-kek");
  }
}

TEST_CASE("A token that never answers is left by SIGQUIT, and the next act finds what it left") {
  const SignalRoom room;
  if (!room.room().token) return;
  const auto left =
      room.run_with(fault("C_GenerateKey", 1, 1, SIGQUIT), "generate-kek", room.new_key("left"));
  CHECK(left.exit_code == 128 + SIGQUIT);
  CHECK(room.entries().back()["event"] == "intent");
  const Json resumed = room.must("resume", {});
  CHECK(resumed["settled"].size() == 1);
}

TEST_CASE("A signal before the act ends the tool, and nothing was done") {
  const SignalRoom room;
  if (!room.room().token) return;
  const auto before = room.entries().size();
  for (const int signal : kFromPeople) {
    CAPTURE(signal);
    Words words = room.new_key("k");
    words.emplace_back("--json");
    const auto run = room.run_with(fault("C_Login", 1, 1, signal), "generate-kek", words);
    CHECK(run.exit_code == 128 + signal);
    CHECK(run.out.empty());
    CHECK(run.err == std::string("generate-kek") + kStopped);
    CHECK(room.entries().size() == before);
  }
  // The label is free.
  room.must("generate-kek", {"--type", "aes-256", "--label", "k"});
  room.check_logged("generate-kek");
}

TEST_CASE("A signal that the caller ignores stays ignored") {
  const SignalRoom room;
  if (!room.room().token) return;
  for (const std::string function : {"C_Login", "C_GenerateKey"}) {
    CAPTURE(function);
    ProgramSettings settings;
    settings.environment["KEYRITE_TEST_FAULT"] = fault(function, 1, 1, SIGHUP);
    const auto run =
        run_program(Words{"sh", "-c", "trap '' HUP; exec \"$@\"", "sh", tool_path("generate-kek")} +
                        room.new_key(function),
                    settings);
    CAPTURE(run.err);
    CHECK(run.exit_code == 0);
    CHECK(count_of(run.err, kWorking) == 0);
    room.check_logged("generate-kek");
  }
}

TEST_CASE("A reader that goes away does not tear an act") {
  const SignalRoom room;
  if (!room.room().token) return;
  // Standard error is a pipe that nobody reads.
  const auto run = run_program(
      Words{"sh", "-c",
            "f=$1/errors; shift; mkfifo \"$f\"; (exec 3<\"$f\") & exec 2>\"$f\"; wait; exec \"$@\"",
            "sh", room.room().shop.folder().native(), tool_path("generate-kek")} +
      room.new_key("k") + Words{"--json"});
  CHECK(run.exit_code == 0);
  CHECK(parse_json(as_bytes(run.out), "output")["result"]["label"] == "k");
  room.check_logged("generate-kek");
}

TEST_CASE("At a real tool's prompt a signal says that nothing was done, and so it is") {
  const SignalRoom room;
  if (!room.room().token) return;
  room.room().shop.must("sed -i '/pin_file/d' site/site.toml");
  const auto before = room.entries().size();
  for (const std::string step :
       {R"({"send": "\u0003"})", R"({"signal": 15})", R"({"signal": 1})"}) {
    CAPTURE(step);
    const std::string dialogue = R"([{"expect": "PIN of token"}, )" + step +
                                 R"(, {"expect": "stopped at the prompt: nothing was done"}])";
    const auto run =
        run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py", dialogue,
                          "--", tool_path("generate-kek")} +
                    room.new_key("k") + Words{"--json"});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    const Json seen = parse_json(as_bytes(run.out), "at_terminal");
    const int signal = step.find("15") != std::string::npos    ? SIGTERM
                       : step.find(" 1}") != std::string::npos ? SIGHUP
                                                               : SIGINT;
    CHECK(seen["exit"] == 128 + signal);
    CHECK(seen["echo"] == true);
    CHECK(seen["out"] == "");
    CHECK(seen["err"].get<std::string>().find("error") == std::string::npos);
    CHECK(room.entries().size() == before);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
