// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// An act that writes rows into the registry, and what is said when registry and log part company in
// the middle of it.
#include <doctest/doctest.h>

#include <string>

#include "approval/operation.h"
#include "cli/runner_room.h"
#include "registry/registry.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kTenant = "0123456789abcdef0123456789abcdef";

// Adds a tenant, and tells the log of `state`.
act::Act adding(act::Literal state) {
  return {.operation = approval::operation_named("tenant-add"),
          .prepare = [state](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = "tenant-add"}, .perform = [state](act::AtWork& /*at*/) {
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

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
