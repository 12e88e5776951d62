// A tool that does nothing but what the tests of run_tool() need: it fails in every way, asks, and
// takes a PIN.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "act/request.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"

namespace keyrite {
namespace {

struct FailRequest {
  std::optional<std::uint32_t> kind{};
  bool with_ckr{false};
  static const std::vector<act::Field<FailRequest>>& table() {
    static const std::vector<act::Field<FailRequest>> table{
        {{.name = "kind",
          .value = "N",
          .help = "exit code of the error",
          .need = act::Need::kRequired,
          .binds = act::Binds::plain()},
         &FailRequest::kind},
        {{.name = "with-ckr", .help = "as if a token had answered", .binds = act::Binds::plain()},
         &FailRequest::with_ckr}};
    return table;
  }
};

int fail(const FailRequest& request, cli::Run& /*run*/) {
  Error error(static_cast<Kind>(request.kind.value_or(0)), "probe-failed",
              "key \"a\x1b[2J\" failed\nsecond line", "try again");
  if (!request.with_ckr) throw error;
  throw std::move(error).with_ckr({"C_WrapKey", "CKR_KEY_UNEXTRACTABLE", 0x6a});
}

struct WorkRequest {
  std::string what{};
  std::vector<std::string> words{};
  static const std::vector<act::Field<WorkRequest>>& table() {
    static const std::vector<act::Field<WorkRequest>> table{
        {{.name = "what",
          .value = "WHAT",
          .help = "what to do",
          .need = act::Need::kRequired,
          .shape = act::Shape::kPositional,
          .choices = {"done", "crash", "crash-oddly", "ask", "flood", "verdict", "first-of-two"},
          .binds = act::Binds::plain()},
         &WorkRequest::what},
        {{.name = "word",
          .value = "WORD",
          .help = "words to give back",
          .binds = act::Binds::plain()},
         &WorkRequest::words}};
    return table;
  }
};

// The first of two acts, with a signal while it works ("during") or once it is reported ("after"),
// and then the second, where `words` name one.
void do_two_acts(const std::vector<std::string>& words, cli::Run& run) {
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  run.context.hold_signals();
  if (has("during")) {
    (void)::kill(::getpid(), SIGINT);
    while (!run.context.interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  run.show("the first is reported");
  if (!has("second")) return;
  run.context.release_signals();
  if (has("after")) {
    (void)::kill(::getpid(), SIGTERM);
    std::this_thread::sleep_for(std::chrono::seconds(20));
  }
  run.context.hold_signals();
  run.show("the second is reported");
}

int work(const WorkRequest& request, cli::Run& run) {
  if (request.what == "first-of-two") do_two_acts(request.words, run);
  if (request.what == "crash") throw std::runtime_error("out of luck");
  if (request.what == "crash-oddly") throw 42;  // NOLINT(hicpp-exception-baseclass)
  if (request.what == "ask") {
    // As an act that is under way does.
    if (!request.words.empty()) run.context.hold_signals();
    const auto answer = run.context.ask({{"The fingerprint is 00."}, "Is it the same?"});
    run.result({{"answer", answer ? Json(*answer) : Json(nullptr)}});
    return 0;
  }
  constexpr int kMuch = 1'000'000;
  if (request.what == "flood") run.result(std::string(kMuch, 'x'));
  if (request.what == "done" || request.what == "verdict") {
    run.context.note("noted");
    run.show("shown");
    if (run.context.dry_run) {
      run.plan({{"words", request.words}});
    } else {
      run.result({{"words", request.words}, {"version", run.context.tool_version}});
    }
  }
  return request.what == "verdict" ? static_cast<int>(Kind::kWaiting) : 0;
}

struct PinRequest {
  bool so{false};
  bool twice{false};
  bool pin_pad{false};
  bool bounded{false};
  static const std::vector<act::Field<PinRequest>>& table() {
    static const std::vector<act::Field<PinRequest>> table{
        {{.name = "so", .help = "the security officer's", .binds = act::Binds::plain()},
         &PinRequest::so},
        {{.name = "twice", .help = "take it twice", .binds = act::Binds::plain()},
         &PinRequest::twice},
        {{.name = "pin-pad", .help = "the token has a PIN pad", .binds = act::Binds::plain()},
         &PinRequest::pin_pad},
        {{.name = "bounded", .help = "PINs have 4 to 8 bytes", .binds = act::Binds::plain()},
         &PinRequest::bounded}};
    return table;
  }
};

int take_pin(const PinRequest& request, cli::Run& run) {
  pkcs11::TokenInfo token;
  token.label = "probe";
  token.model = "Probe v1";
  token.serial = "0001";
  token.flags.protected_authentication_path = request.pin_pad;
  if (request.bounded) {
    token.shortest_pin = 4;
    token.longest_pin = 8;
  }
  const auto user = request.so ? pkcs11::UserType::kSo : pkcs11::UserType::kUser;
  Json taken = Json::array();
  for (int i = 0; i < (request.twice ? 2 : 1); ++i) {
    const auto pin = run.context.token.pin(token, user);
    taken.push_back(pin ? Json(to_hex(pin->reveal())) : Json(nullptr));
  }
  run.result(std::move(taken));
  return 0;
}

cli::Tool probe() {
  using cli::prepare_with;
  cli::Tool tool{{"probe", "try what all tools have in common"}, {}};
  tool.commands.push_back({.name = "fail",
                           .summary = "fail as told",
                           .description = "Fails.",
                           .examples = {{"fail once", "keyrite probe fail --kind 1"}},
                           .prepare = prepare_with(fail)});
  tool.commands.push_back({.name = "work",
                           .summary = "work as told",
                           .description = "Works.",
                           .examples = {{"work once", "keyrite probe work done"}},
                           .dry_run = cli::DryRun::kOffered,
                           .prepare = prepare_with(work)});
  tool.commands.push_back({.name = "pin",
                           .summary = "take a PIN and print it in hex",
                           .description = "Takes a PIN.",
                           .examples = {{"take one", "keyrite probe pin --token pkcs11:token=t"}},
                           .token = cli::user_and_so_token_access,
                           .prepare = prepare_with(take_pin)});
  return tool;
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::probe()); }
