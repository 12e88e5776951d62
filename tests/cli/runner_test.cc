// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One Runner with many acts, as a ceremony or a batch has it: one login, the log locked for each
// act until its result was shown, and an act that fails leaves the later ones as they were.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "act/token_door.h"
#include "approval/operation.h"
#include "cli/runner_room.h"
#include "imports/verify_import.h"
#include "imports/wrap_for_import.h"
#include "pkcs11/session_pool.h"
#include "support/failure.h"
#include "support/function_table.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A second C_Login of this process is answered by CKR_DEVICE_ERROR, and a second C_Initialize.
constexpr const char* kOneLogin = "C_Login 2 0 0x30 answer";
constexpr const char* kOneStart = "C_Initialize 2 0 0x30 answer";

imports::AwsWrapRequest wrap_of(const RunnerRoom& site, const std::string& label,
                                const std::string& out) {
  imports::AwsWrapRequest request;
  request.label = label;
  request.parameters = site.room().path("good.json");
  request.out = site.room().path(out);
  request.wrapping_algorithm = "RSAES_OAEP_SHA_1";
  request.expect_wrapping_key = as_text(site.room().shop.get("fingerprint"));
  return request;
}

// An act at the token that makes nothing.
act::Act idle_act(const act::Work& work) {
  return {.operation = approval::operation_named("token-check"),
          .prepare = [work](const act::Context& /*context*/) {
            return act::PreparedAct{.intent = {.act = "token-check"}, .perform = work};
          }};
}

void check_ceremony(RunnerRoom& site, const std::string& fault) {
  const std::size_t before = site.entries().size();
  site.at_module(fault);
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(keys::generate_kek(new_key("first")), show_nothing);
  (void)runner.run(keys::generate_kek(new_key("second")), show_nothing);
  (void)runner.run(imports::wrap_for_import(wrap_of(site, "first", "out")), show_nothing);
  imports::VerifyBundleRequest verify;
  verify.folder = site.room().path("out");
  CHECK(runner.run(imports::verify_import_bundle(verify), show_nothing).code == 0);
  CHECK(site.pins_asked() == 1);
  CHECK(site.told(before) ==
        std::vector<std::string>{"intent generate-kek", "result generate-kek done",
                                 "intent generate-kek", "result generate-kek done",
                                 "intent wrap-for-import", "result wrap-for-import done",
                                 "intent verify-import", "result verify-import done"});
  const auto entries = site.entries();
  for (std::size_t i = before; i + 1 < entries.size(); i += 2)
    CHECK(entries[i]["run"] == entries[i + 1]["run"]);
  site.room().shop.must("test -f out/manifest.json");
}

TEST_CASE("Four acts of one Runner start the module once and log in once") {
  for (const char* fault : {kOneLogin, kOneStart}) {
    CAPTURE(fault);
    RunnerRoom site;
    if (!site.room().token) return;
    check_ceremony(site, fault);
    CHECK(site.verify()["unsigned_entries"] == 2);  // those of verify-import wait
    site.check_with_other_programs();
  }
}

TEST_CASE("After close() an act logs in anew, and a second login of one start is refused here") {
  RunnerRoom site;
  if (!site.room().token) return;
  site.at_module(kOneLogin);
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(keys::generate_kek(new_key("k")), show_nothing);
  runner.close();
  (void)runner.run(keys::generate_kek(new_key("after-close")), show_nothing);
  // Each start of the module counts anew; within one, the second login fails.
  const auto failure = failure_of([&] {
    (void)runner.run(idle_act([](act::AtWork& at) {
                       at.token().as_officer([](pkcs11::Session& /*officer*/) {});
                       return act::Outcome{};
                     }),
                     show_nothing);
  });
  CHECK(failure.code == "ckr-device-error");
  CHECK(failure.ckr.value().function == "C_Login");
}

TEST_CASE("Nobody writes into the log between a result and the end of its report") {
  RunnerRoom site;
  if (!site.room().token) return;
  int shown = 0;
  const auto try_to_write = [&](const act::Outcome& /*outcome*/) {
    ++shown;
    const std::size_t before = site.entries().size();
    CHECK(site.other_writer("intruder") == "transcript-in-use");
    CHECK(site.entries().size() == before);
  };
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(keys::generate_kek(new_key("k")), try_to_write);
  CHECK(site.other_writer("between").empty());
  (void)runner.run(imports::wrap_for_import(wrap_of(site, "k", "out")), try_to_write);
  imports::VerifyBundleRequest verify;
  verify.folder = site.room().path("out");
  (void)runner.run(imports::verify_import_bundle(verify), try_to_write);
  site.room().shop.must("printf x >> out/challenge.bin");
  CHECK(failure_of([&] {
          (void)runner.run(imports::verify_import_bundle(verify), try_to_write);
        }).kind == Kind::kVerification);
  (void)runner.resume({}, try_to_write);
  CHECK(shown == 5);
  CHECK(site.other_writer("afterwards").empty());
  CHECK(site.verify()["unsigned_entries"] == 0);
}

TEST_CASE("Nobody holds the log while an act is prepared") {
  RunnerRoom site;
  if (!site.room().token) return;
  act::Runner runner(site.context(), act::open_token_door());
  act::Act act = keys::generate_kek(new_key("k"));
  act.prepare = [&, prepare = act.prepare](const act::Context& context) {
    CHECK(site.other_writer("meanwhile").empty());
    return prepare(context);
  };
  (void)runner.run(act, show_nothing);
  CHECK(site.entries().back()["outcome"] == "done");
}

TEST_CASE("An act that fails in the middle leaves the later ones as they were") {
  RunnerRoom site;
  if (!site.room().token) return;
  const std::size_t before = site.entries().size();
  site.at_module(kOneLogin);
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(keys::generate_kek(new_key("k")), show_nothing);
  const auto failure =
      failure_of([&] { (void)runner.run(keys::generate_kek(new_key("k")), show_nothing); });
  CHECK(failure.code == "label-taken");
  CHECK(failure.kind == Kind::kToken);
  CHECK(site.other_writer("other").empty());
  (void)runner.run(keys::generate_kek(new_key("later")), show_nothing);
  CHECK(site.told(before) ==
        std::vector<std::string>{"intent generate-kek", "result generate-kek done",
                                 "intent generate-kek", "result generate-kek failed",
                                 "intent generate-kek", "result generate-kek done",
                                 "intent generate-kek", "result generate-kek done"});
  CHECK(site.pins_asked() == 1);
}

TEST_CASE("An act after a lost session connects again, by the PIN that is held") {
  RunnerRoom site;
  if (!site.room().token) return;
  site.at_module("C_Login 1000000 1 0x30 answer");
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(keys::generate_kek(new_key("k")), show_nothing);
  // As from inside of the HSM: the module that the Runner uses has no session any more.
  drop_all_sessions("/usr/lib/softhsm/libsofthsm2.so");
  (void)runner.run(keys::generate_kek(new_key("after")), show_nothing);
  CHECK(site.entries().back()["outcome"] == "done");
  CHECK(site.pins_asked() == 1);
}

TEST_CASE("No session object of one act is there in the next") {
  RunnerRoom site;
  if (!site.room().token) return;
  act::Runner runner(site.context(), act::open_token_door());
  const auto objects = [](act::AtWork& at) { return at.token().session().find({}).size(); };
  std::size_t with = 0;
  std::size_t without = 0;
  (void)runner.run(idle_act([&](act::AtWork& at) {
                     auto wanted = pkcs11::Template{};
                     wanted.set<pkcs11::Attr::kToken>(false)
                         .set<pkcs11::Attr::kValueLen>(32UL)
                         .set<pkcs11::Attr::kLabel>("left-behind");
                     (void)at.token().session().generate_key(pkcs11::Mechanism::aes_key_gen(),
                                                             wanted, "making a session object");
                     with = objects(at);
                     return act::Outcome{};
                   }),
                   show_nothing);
  (void)runner.run(idle_act([&](act::AtWork& at) {
                     without = objects(at);
                     return act::Outcome{};
                   }),
                   show_nothing);
  CHECK(with == without + 1);
}

TEST_CASE("The sessions of a pool are logged in by the one login, and end with the act") {
  RunnerRoom site;
  if (!site.room().token) return;
  site.at_module(kOneLogin);
  act::Runner runner(site.context(), act::open_token_door());
  for (int i = 0; i < 2; ++i) {
    bool both_in = false;
    (void)runner.run(idle_act([&](act::AtWork& at) {
                       pkcs11::SessionPool& pool = at.pool(2);
                       CHECK(&at.pool(2) == &pool);
                       const auto one = pool.lend();
                       const auto other = pool.lend();
                       both_in = one->user_is_logged_in() && other->user_is_logged_in();
                       return act::Outcome{};
                     }),
                     show_nothing);
    CHECK(both_in);
  }
  CHECK(site.pins_asked() == 1);
}

TEST_CASE("An act can ask whether a person wants to stop, and signals are free between two acts") {
  RunnerRoom site;
  if (!site.room().token) return;
  std::vector<std::string> calls;
  auto context = site.context();
  context.hold_signals = [&] { calls.emplace_back("hold"); };
  context.release_signals = [&] { calls.emplace_back("release"); };
  context.interrupted = [] { return true; };
  act::Runner runner(context, act::open_token_door());
  bool asked = false;
  const auto act = idle_act([&](act::AtWork& at) {
    calls.emplace_back("work");
    asked = at.interrupted();
    return act::Outcome{};
  });
  const auto show = [&](const act::Outcome& /*outcome*/) { calls.emplace_back("show"); };
  (void)runner.run(act, show);
  (void)runner.run(act, show);
  CHECK(asked);
  const std::vector<std::string> each{"release", "hold", "work", "show"};
  CHECK(std::equal(each.begin(), each.end(), calls.begin()));
  CHECK(std::equal(each.begin(), each.end(), calls.begin() + 4, calls.end()));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
