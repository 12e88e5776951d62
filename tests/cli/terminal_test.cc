#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

constexpr const char* kPin = "Q7secretPIN";

// Plays `dialogue` with a command at a pseudo-terminal (tests/support/at_terminal.py).
Json command_at_terminal(const Json& dialogue, const std::vector<std::string>& command) {
  std::vector<std::string> words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                                 dialogue.dump(), "--"};
  words.insert(words.end(), command.begin(), command.end());
  const auto run = test::run_program(words);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  return parse_json(as_bytes(run.out), "at_terminal");
}

// The same with the probe.
Json at_terminal(const Json& dialogue, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{KEYRITE_PROBE};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command_at_terminal(dialogue, command);
}

const std::vector<std::string> kTakePin{"pin", "--token", "pkcs11:token=t", "--json"};

Json result_of(const Json& seen) {
  return parse_json(as_bytes(seen["out"].get<std::string>()), "output")["result"];
}

TEST_CASE("A PIN typed at the terminal is taken and never shown") {
  const Json seen = at_terminal({{{"expect", "PIN of token \"probe\" (Probe v1, serial 0001): "}},
                                 {{"send", std::string(kPin) + "\n"}}},
                                kTakePin);
  CHECK(seen["exit"] == 0);
  CHECK(result_of(seen) == Json{to_hex(as_bytes(kPin))});
  CHECK(seen["screen"].get<std::string>().find(kPin) == std::string::npos);
  CHECK(seen["echo"] == true);
}

TEST_CASE("A descriptor that is a terminal is refused because it would show the PIN") {
  const Json seen = command_at_terminal(
      Json::array(),
      {"sh", "-c", "exec \"$0\" pin --token pkcs11:token=t --json --pin-fd 9 9</dev/tty",
       KEYRITE_PROBE});
  CHECK(seen["exit"] == 2);
  const Json error = parse_json(as_bytes(seen["out"].get<std::string>()), "output")["error"];
  CHECK(error["code"] == "pin-fd-is-terminal");
}

TEST_CASE("While a PIN is in use others see no core dumps, no PIN, no new privileges") {
  const Json seen = at_terminal({{{"expect", "PIN of token"}},
                                 {{"send", std::string(kPin) + "\n"}},
                                 {{"expect", "PIN of token"}},
                                 {{"look", true}},
                                 {{"send", std::string(kPin) + "\n"}}},
                                {"pin", "--token", "pkcs11:token=t", "--json", "--twice"});
  REQUIRE(seen["exit"] == 0);
  const Json& look = seen["looks"][0];
  const auto limits = look["limits"].get<std::string>();
  const auto core = limits.find("Max core file size");
  REQUIRE(core != std::string::npos);
  CHECK(limits.substr(core, limits.find('\n', core) - core).find(" 0                    0 ") !=
        std::string::npos);
  CHECK(look["cmdline"].get<std::string>().find(kPin) == std::string::npos);
  // Not dumpable: the environment is closed to a process of the same user; root may still look.
  if (look["environ"].is_string()) {
    CHECK(look["environ"].get<std::string>().find(kPin) == std::string::npos);
  }
  const auto status = look["status"].get<std::string>();
  CHECK(status.find("NoNewPrivs:\t1") != std::string::npos);
  CHECK(status.find("Umask:\t0077") != std::string::npos);
}

TEST_CASE("At a terminal an error is split between words, and not where it is redirected") {
  const auto told = [](const std::string& err) {
    return command_at_terminal(
        Json::array(),
        {"sh", "-c", "stty cols 60 </dev/tty; exec \"$0\" explain --markdown --json 2>" + err,
         KEYRITE_DISPATCHER});
  };
  const Json at = told("/dev/tty");
  CHECK(at["exit"] == 2);
  CHECK(at["screen"].get<std::string>().find(
            "explain: error: --markdown prints every code, and takes\r\n"
            "                neither a code nor --json\r\n") != std::string::npos);
  const Json redirected = told("&2");
  CHECK(
      redirected["err"].get<std::string>().find(
          "explain: error: --markdown prints every code, and takes neither a code nor --json\n") !=
      std::string::npos);
}

TEST_CASE("Errors and prompts have colour at a terminal that has it, unless nobody wants it") {
  const auto screen = [](const std::string& variables, const std::string& words) {
    const Json seen =
        command_at_terminal({{{"expect", "[yes/no] "}}, {{"send", "no\n"}}},
                            {"sh", "-c",
                             "unset NO_COLOR; export " + variables + "; \"$0\" explain nothing" +
                                 words + " 2>/dev/tty; exec \"$1\" work ask --json" + words,
                             KEYRITE_DISPATCHER, KEYRITE_PROBE});
    return seen["screen"].get<std::string>();
  };
  const auto colored = [](const std::string& text) {
    return text.find("\033[1;31mexplain: error:\033[0m") != std::string::npos &&
           text.find("\033[1mIs it the same? [yes/no] \033[0m") != std::string::npos;
  };
  CHECK(colored(screen("TERM=xterm", "")));
  CHECK(colored(screen("TERM=dumb", " --color=always")));
  for (const auto& plain : {screen("TERM=dumb", ""), screen("TERM=xterm NO_COLOR=1", ""),
                            screen("TERM=xterm", " --color=never")}) {
    CHECK(plain.find("explain: error:") != std::string::npos);
    CHECK(plain.find('\033') == std::string::npos);
  }
}

TEST_CASE("An interrupted entry leaves the terminal with echo") {
  const Json seen = at_terminal(
      {{{"expect", "PIN of token"}}, {{"send", "half"}}, {{"signal", SIGTERM}}}, kTakePin);
  CHECK(seen["exit"] == 128 + SIGTERM);
  CHECK(seen["echo"] == true);
  CHECK(seen["out"] == "");
}

TEST_CASE(
    "Whatever signal ends an entry, the terminal has its echo, and says that nothing was done") {
  for (const int number :
       {SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF}) {
    CAPTURE(number);
    const Json seen = at_terminal({{{"expect", "PIN of token"}},
                                   {{"signal", number}},
                                   {{"expect", "stopped at the prompt: nothing was done"}}},
                                  kTakePin);
    CHECK(seen["exit"] == 128 + number);
    CHECK(seen["echo"] == true);
  }
}

TEST_CASE("A question that a signal ends says that nothing was done") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGALRM}) {
    CAPTURE(number);
    const Json seen = at_terminal({{{"expect", "[yes/no] "}},
                                   {{"send", "ye"}},
                                   {{"signal", number}},
                                   {{"expect", "stopped at the prompt: nothing was done"}}},
                                  {"work", "ask", "--json"});
    CHECK(seen["exit"] == 128 + number);
    CHECK(seen["echo"] == true);
    CHECK(seen["out"] == "");
  }
}

TEST_CASE("A signal at the question of an act under way is an error, which the act can log") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(number);
    const Json seen = at_terminal({{{"expect", "[yes/no] "}},
                                   {{"send", "ye"}},
                                   {{"signal", number}},
                                   {{"expect", "stopped at the prompt\r\n"}}},
                                  {"work", "ask", "--word", "under-way", "--json"});
    CHECK(seen["exit"] == static_cast<int>(Kind::kFailed));
    CHECK(seen["echo"] == true);
    const Json error = parse_json(as_bytes(seen["out"].get<std::string>()), "output")["error"];
    CHECK(error["code"] == "interrupted");
    CHECK(error["message"] == "stopped at the prompt by signal " + std::to_string(number));
  }
}

TEST_CASE("Ctrl-C as it is typed ends an entry and a question") {
  for (const auto& command : {kTakePin, std::vector<std::string>{"work", "ask", "--json"}}) {
    const Json seen = at_terminal({{{"expect", command == kTakePin ? "PIN of token" : "[yes/no] "}},
                                   {{"send", "\x03"}},
                                   {{"expect", "stopped at the prompt: nothing was done"}}},
                                  command);
    CHECK(seen["exit"] == 128 + SIGINT);
    CHECK(seen["echo"] == true);
  }
}

TEST_CASE("A stopped and continued question is asked again") {
  const Json seen = at_terminal({{{"expect", "[yes/no] "}},
                                 {{"signal", SIGTSTP}},
                                 {{"signal", SIGCONT}},
                                 {{"expect", "[yes/no] "}},
                                 {{"send", "yes\n"}}},
                                {"work", "ask", "--json"});
  CHECK(seen["exit"] == 0);
  CHECK(result_of(seen)["answer"] == true);
}

TEST_CASE("A stopped and continued entry is asked for again") {
  const Json seen = at_terminal({{{"expect", "PIN of token"}},
                                 {{"send", "half"}},
                                 {{"signal", SIGTSTP}},
                                 {{"signal", SIGCONT}},
                                 {{"expect", "PIN of token"}},
                                 {{"send", std::string(kPin) + "\n"}}},
                                kTakePin);
  CHECK(seen["exit"] == 0);
  CHECK(result_of(seen) == Json{to_hex(as_bytes(kPin))});
}

TEST_CASE("An empty entry is refused before the token is asked") {
  const Json seen = at_terminal({{{"expect", "PIN of token"}}, {{"send", "\n"}}}, kTakePin);
  CHECK(seen["exit"] == 5);
  CHECK(seen["out"].get<std::string>().find("pin-empty") != std::string::npos);
}

TEST_CASE("The officer's PIN is asked for by its name") {
  const Json seen =
      at_terminal({{{"expect", "SO PIN (security officer) of token"}}, {{"send", "so\n"}}},
                  {"pin", "--token", "pkcs11:token=t", "--json", "--so"});
  CHECK(result_of(seen) == Json{to_hex(as_bytes("so"))});
}

TEST_CASE("A question is answered by yes or no at the terminal, and by nothing else") {
  const std::vector<std::string> ask{"work", "ask", "--json"};
  CHECK(result_of(at_terminal({{{"expect", "The fingerprint is 00."}},
                               {{"expect", "Is it the same? [yes/no] "}},
                               {{"send", "YES\n"}}},
                              ask))["answer"] == true);
  CHECK(result_of(at_terminal({{{"expect", "[yes/no] "}}, {{"send", "no\n"}}}, ask))["answer"] ==
        false);
  CHECK(result_of(at_terminal({{{"expect", "[yes/no] "}}, {{"send", "\x04"}}}, ask))["answer"] ==
        false);
  CHECK(result_of(at_terminal({{{"expect", "[yes/no] "}},
                               {{"send", "maybe\n"}},
                               {{"expect", "Please answer yes or no."}},
                               {{"expect", "[yes/no] "}},
                               {{"send", "y\n"}},
                               {{"expect", "One letter does not confirm it"}},
                               {{"expect", "[yes/no] "}},
                               {{"send", "yes\n"}}},
                              ask))["answer"] == true);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
