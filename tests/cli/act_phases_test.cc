// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// generate-kek whose phases fail in turn: what is said, what the log has of it, what the token
// holds, and that nobody finds the log locked afterwards. The same Runner then does the next act.
#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/token_door.h"
#include "base/json.h"
#include "cli/runner_room.h"
#include "crypto/secret_bytes.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

struct Phase {
  const char* name{};
  std::string fault{};  // of the module
  // Makes it fail; may change the act and the context.
  std::function<void(const RunnerRoom& site, act::Context& context, act::Act& act)> arrange{};
  act::Runner::Show show{show_nothing};
  // What it comes to.
  std::string code{};
  Kind kind{};
  std::vector<std::string> told{};
  bool key_is_there{false};
  bool next_works{true};
};

void leave(const RunnerRoom& /*site*/, act::Context& /*context*/, act::Act& /*act*/) {}

void refuse_in_prepare(const RunnerRoom& /*site*/, act::Context& /*context*/, act::Act& act) {
  act.prepare = [](const act::Context& /*context*/) -> act::PreparedAct {
    throw Error(Kind::kConfig, "input-file-wrong", "a file is not what it says");
  };
}

void give_wrong_pin(const RunnerRoom& /*site*/, act::Context& context, act::Act& /*act*/) {
  context.token.pin = [](const pkcs11::TokenInfo& /*token*/, pkcs11::UserType /*user*/) {
    return std::optional(crypto::SecretBytes(as_bytes(std::string("not-the-pin"))));
  };
}

void bring_no_approval(const RunnerRoom& /*site*/, act::Context& context, act::Act& /*act*/) {
  context.site->site.settings.approvals.needed["generate-kek"] = {{"security-officer", 2}};
}

// The key is made, and then nothing can be logged any more.
void lose_lock(const RunnerRoom& site, act::Context& /*context*/, act::Act& act) {
  act.prepare = [&site, prepare = act.prepare](const act::Context& context) {
    act::PreparedAct prepared = prepare(context);
    prepared.perform = [&site, perform = prepared.perform](act::AtWork& at) {
      act::Outcome outcome = perform(at);
      site.room().shop.must("rm site/transcript/lock");
      return outcome;
    };
    return prepared;
  };
}

void show_badly(const act::Outcome& /*outcome*/) {
  throw Error(Kind::kFailed, "output-unwritable", "nobody can read this");
}

std::vector<Phase> phases() {
  return {
      {.name = "prepare",
       .arrange = refuse_in_prepare,
       .code = "input-file-wrong",
       .kind = Kind::kConfig,
       .told = {"refused generate-kek"}},
      {.name = "approvals",
       .arrange = bring_no_approval,
       .code = "approval-needed",
       .kind = Kind::kWaiting,
       .told = {"approval-requested generate-kek"},
       .next_works = false},
      {.name = "login",
       .arrange = give_wrong_pin,
       .code = "pin-wrong",
       .kind = Kind::kPin,
       .told = {"refused generate-kek"},
       .next_works = false},
      // The first signature tries the log's key, the second is the intent's.
      {.name = "intent",
       .fault = "C_Sign 2 1 0x30 answer",
       .arrange = leave,
       .code = "ckr-device-error",
       .kind = Kind::kToken},
      {.name = "perform",
       .fault = "C_GenerateKey 1 1 0x30 answer",
       .arrange = leave,
       .code = "ckr-device-error",
       .kind = Kind::kToken,
       .told = {"intent generate-kek", "result generate-kek failed"}},
      {.name = "result",
       .arrange = lose_lock,
       .code = "result-not-logged",
       .kind = Kind::kUnknownOutcome,
       .told = {"intent generate-kek"},
       .key_is_there = true},
      {.name = "show",
       .arrange = leave,
       .show = show_badly,
       .code = "key-made-unreported",
       .kind = Kind::kUnknownOutcome,
       .told = {"intent generate-kek", "result generate-kek done"},
       .key_is_there = true},
  };
}

// Asked by a program that is not ours.
bool holds(const RunnerRoom& site, const std::string& label) {
  const Bytes held =
      site.room().shop.must("python3 '" KEYRITE_SOURCE_DIR "/tests/faults/token_objects.py' '" +
                            std::string(kSoftHsm) + "' pin");
  for (const auto& object : parse_json(held, "objects")) {
    if (object.at("label") == label) return true;
  }
  return false;
}

void check_phase(const Phase& phase) {
  RunnerRoom site;
  if (!site.room().token) return;
  const std::size_t before = site.entries().size();
  if (!phase.fault.empty()) site.at_module(phase.fault);
  auto context = site.context();
  act::Act act = keys::generate_kek(new_key("k"));
  phase.arrange(site, context, act);
  act::Runner runner(context, act::open_token_door());
  const auto failure = failure_of([&] { (void)runner.run(act, phase.show); });
  CAPTURE(failure.message);
  CHECK(failure.code == phase.code);
  CHECK(failure.kind == phase.kind);
  CHECK(site.told(before) == phase.told);
  CHECK(holds(site, "k") == phase.key_is_there);
  if (phase.key_is_there) CHECK(failure.message.find("the key \"k\", id ") != std::string::npos);
  // Of the same Runner, where what failed does not hold for every act; and of another process.
  if (phase.next_works) {
    (void)runner.run(keys::generate_kek(new_key("next")), show_nothing);
    CHECK(site.entries().back()["outcome"] == "done");
  }
  CHECK(site.other_writer("other").empty());
  CHECK(site.verify()["unsigned_entries"] == 0);
  site.check_with_other_programs();
}

TEST_CASE("Each phase of generate-kek fails in turn, and the log and the token say what is true") {
  for (const auto& phase : phases()) {
    CAPTURE(phase.name);
    check_phase(phase);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
