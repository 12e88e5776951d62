// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// An act that writes rows into the registry, and what is said when registry and log part company in
// the middle of it.
#include <doctest/doctest.h>

#include <string>

#include "act/token_door.h"
#include "approval/operation.h"
#include "cli/runner_room.h"
#include "imports/wrap_for_import.h"
#include "registry/registry.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kTenant = "0123456789abcdef0123456789abcdef";

// Adds a tenant, and tells the log of `state`: as an act on files, or as `act` at the token.
act::Act adding(act::Literal state, const std::string& act = "tenant-add") {
  return {.operation = approval::operation_named(act),
          .prepare = [state, act](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = act}, .perform = [state](act::AtWork& /*at*/) {
                  act::RegistryRows rows{.batch = std::string(32, 'b'),
                                         .manifest_sha256 = std::string(64, 'c')};
                  rows.write = [state](registry::Stores& stores) -> act::LogFacts {
                    (void)stores.tenants.add("Acme", kTenant, {}, {}, {}, std::string(32, 'b'));
                    const act::LogFacts change{{"tenant", act::Fact::id(kTenant)},
                                               {"state", act::Words(state)}};
                    return {{"changes", act::Fact(std::vector<act::Fact>{change})}};
                  };
                  return act::Outcome{.registry = rows};
                }};
          }};
}

std::string state_of(const RunnerRoom& site) {
  registry::Registry registry(site.site("registry.sqlite"));
  const auto view = registry.read();
  const auto tenant = view->tenants.find(kTenant);
  return tenant ? std::string(registry::word(tenant->state)) : "absent";
}

TEST_CASE("Rows, then their entry, then the state that the entry tells of") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  act::Runner runner(site.context());
  (void)runner.run(adding("active"), show_nothing);
  CHECK(state_of(site) == "active");
  const auto entries = site.entries();
  CHECK(entries.back()["facts"]["batch"] == std::string(32, 'b'));
}

TEST_CASE("A state that cannot follow is said with the exit code of an unknown outcome") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  act::Runner runner(site.context());
  const auto failure = failure_of([&] { (void)runner.run(adding("forgotten"), show_nothing); });
  CHECK(failure.code == "registry-not-written");
  CHECK(failure.kind == Kind::kUnknownOutcome);
  // It is in the log, so the next act refuses.
  CHECK(site.entries().back()["outcome"] == "done");
  CHECK(state_of(site) == "none");
  CHECK(site.other_writer("later") == "registry-behind");
}

TEST_CASE("An act at the token writes rows too, and its entry is signed") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(adding("active", "generate-kek"), [&](const act::Outcome& /*outcome*/) {
    CHECK(site.verify()["unsigned_entries"] == 0);
  });
  CHECK(state_of(site) == "active");
  const auto entries = site.entries();
  CHECK(entries.back()["facts"]["batch"] == std::string(32, 'b'));
  CHECK(site.other_writer("later").empty());
}

TEST_CASE("At the token an entry whose rows do not follow is signed all the same") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  act::Runner runner(site.context(), act::open_token_door());
  const auto failure =
      failure_of([&] { (void)runner.run(adding("forgotten", "generate-kek"), show_nothing); });
  CHECK(failure.code == "registry-not-written");
  CHECK(failure.kind == Kind::kUnknownOutcome);
  CHECK(site.entries().back()["outcome"] == "done");
  CHECK(site.verify()["unsigned_entries"] == 0);
  CHECK(site.other_writer("later") == "registry-behind");
}

TEST_CASE("At the token rows that cannot be written leave a result with what was seen") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  act::Runner runner(site.context(), act::open_token_door());
  (void)runner.run(adding("active", "generate-kek"), show_nothing);
  const auto failure =
      failure_of([&] { (void)runner.run(adding("active", "generate-kek"), show_nothing); });
  CHECK(failure.code == "registry-row-exists");
  const auto entries = site.entries();
  CHECK(entries.back()["outcome"] == "failed");
  CHECK(site.verify()["unsigned_entries"] == 0);
  CHECK(site.other_writer("later").empty());
}

TEST_CASE("A version that another act overtook is not made") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  (void)site.must("tenant", {"add", "Acme"});
  (void)site.must("key", {"add", "payments", "--tenant", "Acme", "--type", "aes-256"});
  keys::GenerateKekRequest request;
  request.tenant = "Acme";
  request.key = "payments";
  act::Act act = keys::generate_kek(request);
  act.prepare = [&site, prepare = act.prepare](const act::Context& context) {
    auto prepared = prepare(context);
    const Json made = site.must("generate-kek", {"--tenant", "Acme", "--key", "payments"});
    registry::Registry registry(site.site("registry.sqlite"));
    auto change = registry.write();
    const auto first = change->versions.waiting(made["version"]["key_id"].get<std::string>());
    REQUIRE(first);
    change->versions.move(first->id, registry::VersionState::kActive, first->revision,
                          change->versions.events(first->id).back().mark);
    change.commit();
    return prepared;
  };
  act::Runner runner(site.context(), act::open_token_door());
  const auto failure = failure_of([&] { (void)runner.run(act, show_nothing); });
  CHECK(failure.code == "version-overtaken");
  CHECK(site.entries().back()["outcome"] == "failed");
}

TEST_CASE("A version is not wrapped for a destination that changed meanwhile") {
  RunnerRoom site;
  if (site.room().token == nullptr) return;
  const Words whose{"--tenant", "Acme", "--key", "payments"};
  (void)site.must("tenant", {"add", "Acme"});
  (void)site.must("key", {"add", "payments", "--tenant", "Acme", "--type", "aes-256"});
  (void)site.must("destination",
                  Words{"add", "alias/payments", "--provider", "aws", "--account", "111122223333",
                        "--region", "eu-west-1", "--wrapping-algorithm", "RSAES_OAEP_SHA_1"} +
                      whose);
  (void)site.must("generate-kek", whose);
  imports::AwsWrapRequest request;
  request.tenant = "Acme";
  request.key = "payments";
  request.out = site.room().path("out");
  request.parameters = site.room().path("good.json");
  request.expect_wrapping_key = as_text(site.room().shop.get("fingerprint"));
  act::Act act = imports::wrap_for_import(request);
  act.prepare = [&site, &whose, prepare = act.prepare](const act::Context& context) {
    auto prepared = prepare(context);
    (void)site.must("destination", Words{"change", "alias/payments", "--profile", "other"} + whose);
    return prepared;
  };
  act::Runner runner(site.context(), act::open_token_door());
  const auto failure = failure_of([&] { (void)runner.run(act, show_nothing); });
  CHECK(failure.code == "target-changed");
  site.room().shop.must("test ! -e out");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
