// Two acts at one site at the same time: the second one waits for the first, for so long as it is
// told. The first is a real program that stops in the middle of its work (SIGSTOP, which the
// token's module sends: tests/support/faulty_module.cc) and goes on when it is told to.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/site_room.h"
#include "support/command.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr int kWaitingCode = 7;

struct TwoActs : SiteRoom {
  TwoActs() : SiteRoom(KEYRITE_FAULTY_MODULE) {}

  [[nodiscard]] bool ready() const { return room().token != nullptr; }
  [[nodiscard]] std::string command(const std::string& tool, const std::string& words) const {
    return "'" + tool_path(tool) + "' " + words + " --site '" + site() + "'";
  }
  [[nodiscard]] std::string new_key(const std::string& label) const {
    return command("generate-kek", "--type aes-256 --label " + label);
  }
  // The first act stops at the token, with the log locked; then `meanwhile` runs, and the first act
  // goes on. Ends with 0 when both did.
  [[nodiscard]] Output while_stopped(const std::string& meanwhile) const {
    return room().shop.run(
        "(KEYRITE_TEST_FAULT='C_GenerateKey 1 1 0x13 signal' exec " + new_key("first$$") +
        " > first.out 2>&1) & first=$!; "
        "for i in $(seq 300); do case $(cut -d' ' -f3 /proc/$first/stat) in T) break;; esac; "
        "sleep 0.1; done; (" +
        meanwhile +
        "); second=$?; kill -CONT $first 2> nothing; wait $first || exit 99; exit $second");
  }
  [[nodiscard]] std::string text_of(const std::string& file) const {
    return as_text(room().shop.must("cat " + file));
  }
  [[nodiscard]] Json error_of(const std::string& file) const {
    return read_json_file(room().path(file)).at("error");
  }
};

// What the second one says of the first: which act, which process, whose, since when.
void check_holder(const TwoActs& acts, const std::string& said) {
  CAPTURE(said);
  CHECK(said.find("generate-kek, process ") != std::string::npos);
  const std::string user = as_text(acts.room().shop.must("id -un | tr -d '\\n'"));
  CHECK(said.find(", user " + user + ", since 20") != std::string::npos);
}

TEST_CASE("An act waits for another one, says for whom, and is done after it") {
  const TwoActs acts;
  if (!acts.ready()) return;
  std::string second;
  SUBCASE("at the token") { second = acts.new_key("second"); }
  SUBCASE("on files") { second = acts.command("tenant", "add acme --owner olga"); }
  SUBCASE("resume") { second = acts.command("resume", ""); }
  const auto both = acts.while_stopped(
      second +
      " > second.out 2>&1 & echo $! > second.pid; "
      "for i in $(seq 300); do grep -q ' waits for it' second.out && break; sleep 0.1; "
      "done; kill -CONT $first; wait $!");
  CAPTURE(as_text(both.out));
  CAPTURE(acts.text_of("second.out"));
  CHECK(both.exit_code == 0);
  check_holder(acts, acts.text_of("second.out"));
  CHECK(acts.text_of("second.out").find("waits for it, at most 30 s") != std::string::npos);
  acts.room().shop.must("grep -q 'made aes-256' first.out");
  acts.must("resume", {});
  CHECK(acts.verify()["unsigned_entries"] == 0);
  acts.check_with_other_programs();
}

TEST_CASE("An act that waited long enough gives up, names the holder, and adds nothing") {
  const TwoActs acts;
  if (!acts.ready()) return;
  const std::string count = " && wc -l < site/transcript/log.jsonl >> lines; ";
  for (const std::string& second :
       {acts.new_key("second"), acts.command("tenant", "add acme --owner olga"),
        acts.command("resume", "")}) {
    for (const char* wait : {"0", "1"}) {
      CAPTURE(second);
      CAPTURE(wait);
      const auto both = acts.while_stopped(
          "rm -f lines; true" + count + second + " --wait " + wait +
          " --json > second.json 2> second.err; code=$?; true" + count + "exit $code");
      CHECK(both.exit_code == kWaitingCode);
      const Json error = acts.error_of("second.json");
      CHECK(error["code"] == "transcript-in-use");
      CHECK(error["kind"] == "waiting");
      check_holder(acts, error["message"]);
      acts.room().shop.must("test $(sort -u lines | wc -l) = 1");
      acts.room().shop.must("grep -q 'made aes-256' first.out");
      (void)acts.must("resume", {});
    }
  }
}

TEST_CASE("A verdict about files does not fail because another act is at work, and says so") {
  const TwoActs acts;
  if (!acts.ready()) return;
  acts.room().make_key("aes-256", "acme", {"--for", "aws"});
  const auto wrapped = run_program(acts.room().wrap_for_aws("good.json", "acme", "acme.aws") +
                                   acts.room().at_token());
  REQUIRE(wrapped.exit_code == 0);
  const std::string count = "wc -l < site/transcript/log.jsonl >> lines; ";
  const auto both =
      acts.while_stopped(count + acts.command("verify-import", "bundle acme.aws --wait 0 --json") +
                         " > second.json 2> second.err; code=$?; " + count + "exit $code");
  CAPTURE(acts.text_of("second.err"));
  CHECK(both.exit_code == 0);
  const Json document = read_json_file(acts.room().path("second.json"));
  CHECK(document.contains("result"));
  const auto warning = document.at("warnings").at(0).get<std::string>();
  CHECK(warning.find("is not in the log") != std::string::npos);
  check_holder(acts, warning);
  acts.room().shop.must("test $(sort -u lines | wc -l) = 1");
  // A verdict that is bad stays bad.
  acts.room().shop.must("printf x >> acme.aws/manifest.json");
  const auto bad = acts.while_stopped(
      acts.command("verify-import", "bundle acme.aws --wait 0 --json") + " > bad.json 2> bad.err");
  CHECK(bad.exit_code == 3);
  // With nobody else at work it is logged.
  CHECK(acts.run("verify-import", {"bundle", acts.room().path("acme.aws")}).exit_code == 3);
  CHECK(acts.entries().back()["act"] == "verify-import");
}

TEST_CASE("Ctrl-C ends an act that waits at once, and nothing was done") {
  const TwoActs acts;
  if (!acts.ready()) return;
  for (const std::string& second :
       {acts.new_key("second"), acts.command("tenant", "add acme --owner olga"),
        acts.command("resume", "")}) {
    CAPTURE(second);
    // A shell's background job ignores SIGINT, so python3 starts it.
    const auto both = acts.while_stopped(
        "python3 - <<'END'\n"
        "import subprocess, signal, sys, time\n"
        "act = subprocess.Popen(" +
        Json("exec " + second + " --wait 600 2>&1").dump() +
        ", shell=True, stdout=subprocess.PIPE)\n"
        "said = b''\n"
        "while b'waits for it' not in said and (line := act.stdout.readline()): said += line\n"
        "act.send_signal(signal.SIGINT)\n"
        "sys.exit(0 if act.wait(60) == -signal.SIGINT else 1)\n"
        "END\n");
    CAPTURE(as_text(both.out));
    CHECK(both.exit_code == 0);
    CHECK(acts.entries().back()["act"] == "generate-kek");
    acts.must("resume", {});
  }
  CHECK(acts.verify()["unsigned_entries"] == 0);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
