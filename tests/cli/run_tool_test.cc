#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/command.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

using test::run_program;

Json parsed(const std::string& text) { return parse_json(as_bytes(text), "output"); }

TEST_CASE("Every kind of error becomes its exit code") {
  for (const int kind : {1, 2, 3, 4, 5, 6, 7, 8, 70}) {
    const auto run = run_program({KEYRITE_PROBE, "fail", "--kind", std::to_string(kind)});
    CHECK(run.exit_code == kind);
    CHECK(run.out.empty());
  }
}

TEST_CASE("An error has error:, hint: and code: lines and cannot move the cursor") {
  const auto run = run_program({KEYRITE_PROBE, "fail", "--kind", "1"});
  CHECK(run.err ==
        "probe: error: key \"a\\x1b[2J\" failed\nprobe: error: second line\n"
        "probe: hint: try again\n"
        "probe: code: probe-failed (keyrite explain probe-failed)\n");
}

TEST_CASE("With --json an error is a document on standard output and names what the token said") {
  const auto run = run_program({KEYRITE_PROBE, "fail", "--kind", "4", "--with-ckr", "--json"});
  CHECK(run.exit_code == 4);
  const Json document = parsed(run.out);
  CHECK(document["keyrite"] == "probe");
  CHECK(document["version"] == 1);
  const Json& error = document["error"];
  CHECK(error["code"] == "probe-failed");
  CHECK(error["kind"] == "token");
  CHECK(error["hint"] == "try again");
  CHECK(error["ckr"] ==
        Json{{"function", "C_WrapKey"}, {"name", "CKR_KEY_UNEXTRACTABLE"}, {"value", 0x6a}});
  CHECK(run.err.find("CKR_KEY_UNEXTRACTABLE") != std::string::npos);
}

TEST_CASE("What nobody expected is 70 and called a defect") {
  for (const std::string what : {"crash", "crash-oddly"}) {
    const auto run = run_program({KEYRITE_PROBE, "work", what, "--json"});
    CHECK(run.exit_code == 70);
    CHECK(run.err.find("probe: error: unexpected: ") == 0);
    CHECK(parsed(run.out)["error"]["code"] == "internal");
  }
}

TEST_CASE("Results for programs go to standard output, texts for people to standard error") {
  const auto plain = run_program({KEYRITE_PROBE, "work", "done"});
  CHECK(plain.exit_code == 0);
  CHECK(plain.out.empty());
  CHECK(plain.err == "probe: noted\nshown\n");
  const auto json =
      run_program({KEYRITE_PROBE, "work", "done", "--json", "--word", "[a,b]", "--word=--c"});
  CHECK(json.err == plain.err);
  const Json result = parsed(json.out)["result"];
  CHECK(result["words"] == Json{"[a,b]", "--c"});
  CHECK(result["version"] == "keyrite 0.2.0");
  const auto plan = run_program({KEYRITE_PROBE, "work", "done", "--json", "--dry-run"});
  CHECK(parsed(plan.out).contains("plan"));
}

TEST_CASE("A verdict that is not an error still has its own exit code") {
  const auto run = run_program({KEYRITE_PROBE, "work", "verdict", "--json"});
  CHECK(run.exit_code == 7);
  CHECK(parsed(run.out).contains("result"));
}

TEST_CASE("A full disk on standard output is a failure") {
  for (const std::string what : {"done", "flood"}) {
    const auto run =
        run_program({KEYRITE_PROBE, "work", what, "--json"}, {.out_path = "/dev/full"});
    CHECK(run.exit_code == 1);
    CHECK(run.err.find("probe: error: the result cannot be written") != std::string::npos);
  }
  CHECK(run_program({KEYRITE_PROBE, "--help"}, {.out_path = "/dev/full"}).exit_code == 1);
  CHECK(run_program({KEYRITE_DISPATCHER, "--help"}, {.out_path = "/dev/full"}).exit_code == 1);
}

struct BadLine {
  std::vector<std::string> words{};
  std::string code{};
  std::string shown{};
};

TEST_CASE("A wrong command line is told apart, exit 2, with a hint") {
  const std::vector<BadLine> lines{
      {{}, "command-missing", "needs a command"},
      {{"--json"}, "command-missing", "needs a command"},
      {{"wrok", "done"}, "command-unknown", "did you mean work?"},
      {{"work", "done", "--wrod", "x"}, "option-unknown", "did you mean --word?"},
      {{"work", "done", "-q"}, "option-unknown", "-q"},
      {{"work", "done", "more"}, "argument-unexpected", "\"more\" is one word too many"},
      {{"work", "done", "--word"}, "argument-missing", "--word"},
      {{"work", "done", "--word="}, "value-empty", "--word"},
      {{"work", "done", "--dry-run=no"}, "argument-unexpected", "--dry-run takes no value"},
      {{"work"}, "value-missing", "WHAT"},
      {{"work", "nothing"}, "value-not-allowed", "nothing"},
      {{"fail", "--kind", "one"}, "value-not-a-number", "--kind"},
      {{"fail", "--kind", "1", "--kind", "2"}, "value-given-twice", "--kind"},
      {{"pin", "--token", "pkcs11:token=t;bad"}, "uri-invalid", "hint: "},
  };
  for (const auto& line : lines) {
    CAPTURE(line.code);
    std::vector<std::string> words{KEYRITE_PROBE};
    words.insert(words.end(), line.words.begin(), line.words.end());
    words.emplace_back("--json");
    const auto run = run_program(words);
    CHECK(run.exit_code == 2);
    CHECK(parsed(run.out)["error"]["code"] == line.code);
    CHECK(run.err.find(line.shown) != std::string::npos);
    CHECK(run.err.find("probe: hint: ") != std::string::npos);
  }
}

TEST_CASE("A PIN given on the command line is refused and not repeated") {
  for (const std::vector<std::string>& given :
       {std::vector<std::string>{"--pin", "987654"}, std::vector<std::string>{"--pin=987654"}}) {
    std::vector<std::string> words{KEYRITE_PROBE, "pin", "--token", "pkcs11:token=t"};
    words.insert(words.end(), given.begin(), given.end());
    const auto run = run_program(words);
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("--pin-file") != std::string::npos);
    CHECK(run.err.find("987654") == std::string::npos);
  }
}

TEST_CASE("Nobody at the terminal answers nothing") {
  const auto run = run_program({KEYRITE_PROBE, "work", "ask", "--json"}, {.input = "yes\n"});
  CHECK(run.exit_code == 0);
  CHECK(parsed(run.out)["result"]["answer"].is_null());
}
TEST_CASE(
    "A signal during an act ends the process when the act is reported and another would begin") {
  const auto run =
      run_program({KEYRITE_PROBE, "work", "first-of-two", "--word", "during", "--word", "second"});
  CHECK(run.exit_code == 128 + SIGINT);
  CHECK(run.err ==
        "probe: the token is working; the result follows when it is done\n"
        "the first is reported\n"
        "probe: stopped: what was reported is done, and nothing after it\n");
}

TEST_CASE("A signal during the only act leaves its exit code") {
  const auto run = run_program({KEYRITE_PROBE, "work", "first-of-two", "--word", "during"});
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("the first is reported\n") != std::string::npos);
  CHECK(run.err.find("stopped") == std::string::npos);
}

TEST_CASE("A signal between two acts ends the process, and does not say that nothing was done") {
  const auto run =
      run_program({KEYRITE_PROBE, "work", "first-of-two", "--word", "after", "--word", "second"});
  CHECK(run.exit_code == 128 + SIGTERM);
  CHECK(run.err ==
        "the first is reported\n"
        "probe: stopped: what was reported is done, and nothing after it\n");
  const auto undisturbed = run_program({KEYRITE_PROBE, "work", "first-of-two", "--word", "second"});
  CHECK(undisturbed.exit_code == 0);
  CHECK(undisturbed.err == "the first is reported\nthe second is reported\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
