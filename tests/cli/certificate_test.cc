// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A certificate of key destruction at a token: the entries of a shred are written by acts, the
// log's key signs the document, and the tool verifies it without a token. What destroys keys is not
// tested here: these acts only tell the log what the acts of shred tell it.
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "act/token_door.h"
#include "approval/operation.h"
#include "certificate/issue.h"
#include "cli/document_shape.h"
#include "cli/runner_room.h"
#include "registry/registry.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using act::Fact;
using act::LogFacts;

act::Act telling(const std::string& name, const LogFacts& facts) {
  return {.operation = approval::operation_named("shred"),
          .prepare = [=](const act::Context& /*context*/) {
            return act::PreparedAct{.intent = {.act = name}, .perform = [=](act::AtWork& /*at*/) {
                                      return act::Outcome{.facts = facts};
                                    }};
          }};
}

// What the registry has of the one version.
struct OneVersion {
  std::string tenant{};
  std::string key{};
  std::string copy{};
};

struct Shredding {
  RunnerRoom site{};
  std::vector<std::string> approvals{};
  explicit Shredding(const std::string& tenant = "Acme") {
    if (!ready()) return;
    (void)site.must("tenant", {"add", tenant});
    (void)site.must("key", {"add", "payments", "--tenant", tenant, "--type", "aes-256"});
    (void)site.must("generate-kek", {"--tenant", tenant, "--key", "payments"});
  }
  [[nodiscard]] bool ready() const { return site.room().token != nullptr; }
  [[nodiscard]] OneVersion version(const std::string& tenant = "Acme") const {
    registry::Registry registry(site.site("registry.sqlite"));
    const auto view = registry.read();
    const auto of = view->tenants.named(tenant).value();
    const auto key = view->keys.of(of.id).front();
    return {of.id, key.id, view->copies.of({key.id, 1}).front().id};
  }
  void run(const act::Act& act, const act::Runner::Show& show = show_nothing) {
    auto context = site.context();
    context.site->approvals = approvals;
    act::Runner runner(context, act::open_token_door());
    (void)runner.run(act, show);
  }
  void condemn(const OneVersion& one) {
    const LogFacts version{{"key", Fact::id(one.key)}, {"number", 1}};
    const LogFacts frozen{{"frozen", Fact(version)}};
    const LogFacts condemned{{"condemned", Fact(version)}};
    const act::Act act =
        telling("shred", {{"list_sha256", Fact::sha256(std::string(64, '1'))},
                          {"versions", 1},
                          {"deks", 0},
                          {"dek_list_sha256", Fact::sha256(std::string(64, '2'))},
                          {"requested_at", Fact(site.context().now())},
                          {"changes", Fact(std::vector<Fact>{frozen, condemned})}});
    CHECK(failure_of([&] { run(act); }).kind == Kind::kWaiting);
    const std::string statement = site.statement();
    approvals = {site.sign("alice", statement), site.sign("bob", statement)};
    run(act);
    approvals.clear();
  }
  void destroy(const OneVersion& one) {
    const LogFacts look{{"key", Fact::id(one.key)},
                        {"number", 1},
                        {"destroyed", 1},
                        {"outcome", act::Words("absent")},
                        {"found", Fact(std::vector<Fact>{})},
                        {"canary", act::Words("not-tried")}};
    const LogFacts gone{
        {"copy", Fact(LogFacts{{"id", Fact::id(one.copy)}, {"state", act::Words("destroyed")}})}};
    run(telling("shred-destroy", {{"objects_seen", 2},
                                  {"versions", Fact(std::vector<Fact>{look})},
                                  {"changes", Fact(std::vector<Fact>{gone})}}));
  }
  void close(const OneVersion& one) {
    const LogFacts closed{{"version", Fact(LogFacts{{"key", Fact::id(one.key)},
                                                    {"number", 1},
                                                    {"state", act::Words("destroyed")}})}};
    run(telling("shred-close", {{"deks", 0},
                                {"dek_list_sha256", Fact::sha256(std::string(64, '2'))},
                                {"changes", Fact(std::vector<Fact>{closed})}}));
  }
  [[nodiscard]] certificate::IssueRequest request(const std::string& out) const {
    certificate::IssueRequest request;
    request.tenant = "Acme";
    request.out = site.room().path(out);
    return request;
  }
  [[nodiscard]] act::Outcome issue(const certificate::IssueRequest& request) {
    act::Outcome issued;
    run(certificate::issue(request), [&](const act::Outcome& outcome) { issued = outcome; });
    return issued;
  }
  // The tool, in a folder without a site.
  [[nodiscard]] ProgramRun verify(const std::string& folder, const Words& more = {}) const {
    return run_program(Words{tool_path("verify-certificate"), folder + "/certificate.json",
                             "--vkey", site.vkey(), "--page", folder + "/certificate.html",
                             "--json"} +
                       more);
  }
};

TEST_CASE("A shred that was approved, done and closed gets a certificate") {
  Shredding shred;
  if (!shred.ready()) return;
  const auto one = shred.version();
  shred.condemn(one);
  shred.destroy(one);
  shred.close(one);
  const auto issued = shred.issue(shred.request("certificate"));
  CHECK(issued.code == 0);
  CHECK(issued.document["kind"] == "certificate");
  const auto checked = shred.verify(shred.site.room().path("certificate"));
  CAPTURE(checked.err);
  REQUIRE(checked.exit_code == 0);
  const Json printed = parse_json(as_bytes(checked.out), "output");
  CHECK(document_shape(printed) == document_shape(documented_example("verify-certificate-result")));
  const Json& result = printed["result"];
  CHECK(result["kind"] == "certificate");
  CHECK(result["claims"]["decisions"][0]["approved_by"] ==
        Json({"alice@example.org", "bob@example.org"}));
  CHECK(result["claims"]["versions"][0]["origin"] == "logged");
  CHECK(result["claims"]["runs"][0]["token"]["model"] == "SoftHSM v2");
  // The log has what was issued.
  const Json facts = shred.site.entries().back()["facts"];
  CHECK(facts["certificate_sha256"] == result["sha256"]);
  CHECK(facts["complete"] == true);
  shred.site.check_with_other_programs();
  // It may be issued again.
  CHECK(shred.issue(shred.request("again")).code == 0);
}

TEST_CASE("While a copy may be there it is an interim statement, with exit code 7") {
  Shredding shred;
  if (!shred.ready()) return;
  shred.condemn(shred.version());
  auto request = shred.request("interim");
  request.key = "payments";
  request.version = 1;
  const auto issued = shred.issue(request);
  CHECK(issued.code == 7);
  CHECK(issued.document["kind"] == "interim-statement");
  CHECK(issued.document["pending"].size() == 2);
  const auto checked = shred.verify(request.out);
  CHECK(checked.exit_code == 7);
}

TEST_CASE("What cannot be certified") {
  Shredding shred;
  if (!shred.ready()) return;
  const auto refused = [&](const certificate::IssueRequest& request, const char* code) {
    CAPTURE(code);
    CHECK(failure_of([&] { (void)shred.issue(request); }).code == code);
    shred.site.room().shop.must("test ! -e refused");
  };
  auto request = shred.request("refused");
  refused(request, "certificate-nothing");
  request.version = 1;
  refused(request, "certificate-which");
  request.key = "other";
  refused(request, "key-unknown");
  request.tenant = "Other";
  refused(request, "tenant-unknown");
}

TEST_CASE("A certificate that cannot be shown exists all the same, and its error says so") {
  Shredding shred;
  if (!shred.ready()) return;
  shred.condemn(shred.version());
  const auto failure = failure_of([&] {
    shred.run(certificate::issue(shred.request("shown")), [](const act::Outcome& /*outcome*/) {
      throw Error(Kind::kFailed, "output-unwritable", "nobody reads it");
    });
  });
  CHECK(failure.code == "certificate-unreported");
  CHECK(failure.kind == Kind::kUnknownOutcome);
  CHECK(shred.verify(shred.site.room().path("shown")).exit_code == 7);
}

TEST_CASE("A tenant whose name is a script is a name in its certificate") {
  const std::string name = "<script>alert(1)</script>";
  Shredding shred(name);
  if (!shred.ready()) return;
  shred.condemn(shred.version(name));
  auto request = shred.request("page");
  request.tenant = name;
  (void)shred.issue(request);
  shred.site.room().shop.must("! grep -q '<script' page/certificate.html");
  shred.site.room().shop.must("grep -q '&lt;script&gt;alert(1)' page/certificate.html");
  // By its id too, as after it was forgotten.
  request.tenant = shred.version(name).tenant;
  request.out = shred.site.room().path("by-id");
  CHECK(shred.issue(request).code == 7);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
