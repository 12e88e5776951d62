// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Every operation that policy may name, one by one: asked for, shown to officers for what it is,
// counted, approved, done, and its log verified. The table of operations says which they are.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "approval/operation.h"
#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Operations = std::set<std::string>;

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};
const Words kLeft{"--tenant", "Acme", "--reason", "they left us"};
const Words kStripe{"--tenant", "Acme", "--service", "stripe", "--environment", "production"};

const Operations kAtKeys{"campaign-close",      "campaign-open",  "destination-pin",
                         "destination-unpin",   "generate-kek",   "inventory-adopt",
                         "inventory-reconcile", "key-activate",   "token-check",
                         "trust-wrapping-key",  "wrap-for-import"};
const Operations kAtDataKeys{
    "credential", "credential-open", "credential-rotate", "credential-seal",
    "dek",        "dek-import",      "dek-issue",         "dek-rewrap",
    "dek-unwrap", "dek-wrap",        "dek-wrapping-key"};
const Operations kAtClouds{
    "inventory-accept",  "rotate",      "rotate-compromised", "shred",
    "shred-certificate", "shred-close", "shred-deletion",     "shred-destroy",
    "shred-forget",      "shred-names", "shred-records",      "shred-waive"};
// ceremony_approval_test.cc: it needs a terminal.
const Operations kAtCeremonies{"ceremony-open"};

std::string error_code(const ProgramRun& run) {
  const Json document = parse_json(as_bytes(run.out), "output");
  const auto error = document.find("error");
  return error == document.end() || !error->is_object() ? std::string()
                                                        : error->at("code").get<std::string>();
}

// A site whose policy wants a security officer for each of these, or two where it must want any.
struct Officers {
  RotatingCloud at{};
  Operations asked{};  // what officers were shown so far
  int signatures{0};

  explicit Officers(const Operations& operations) {
    if (!at.ready()) return;
    std::string policy;
    if (operations.contains("destination-pin"))
      policy = "[wrapping-keys]\naccepted = [\"compared\", \"pinned\"]\n";
    for (const auto& name : operations) {
      if (approval::operation_named(name).policy == approval::Policy::kMayName)
        policy += "[approvals.needed." + name + "]\nsecurity-officer = 1\n";
    }
    at.site.shop().put("policy", as_bytes(policy));
    at.site.shop().must("echo >> site/site.toml; cat policy >> site/site.toml");
  }
  // Of the newest statement, which officers are shown, sign and count.
  Words approvals() {
    const auto folder =
        at.site.cloud("dirname $(ls -t site/approvals/*/statement.json | head -n 1)");
    const auto statement = at.site.path(folder + "/statement.json");
    const auto shown = run_program({tool_path("approve"), "show", statement, "--json"});
    CAPTURE(shown.out);
    REQUIRE(shown.exit_code == 0);
    const Json request = parse_json(at.site.shop().get(folder + "/request.json"), "request");
    asked.insert(request["act"].get<std::string>());
    for (const auto& also : request["also"]) asked.insert(also.get<std::string>());
    Words all;
    for (const char* person : {"alice", "bob"}) {
      const auto kept = person + std::to_string(++signatures) + ".sig";
      at.site.shop().must("mv '" + at.site.scene.sign(person, statement) + "' " + kept);
      all = all + Words{"--approval", at.site.path(kept)};
    }
    const auto counted = run_program(Words{tool_path("approve"), "count", statement, "--roster",
                                           at.site.scene.site("roster.toml"), "--json"} +
                                     all);
    CAPTURE(counted.out);
    CHECK(counted.exit_code == 0);
    return all;
  }
  // Until nobody is asked any more. The result document.
  Json approved(const std::string& tool, const Words& words, int exit_code = 0) {
    CAPTURE(tool);
    CAPTURE(words.empty() ? std::string() : words[0]);
    auto done = at.site.scene.run(tool, words + kOlga);
    REQUIRE(error_code(done) == "approval-needed");
    for (int statement = 0; error_code(done) == "approval-needed"; ++statement) {
      REQUIRE(statement < 8);
      done = at.site.scene.run(tool, words + approvals() + kOlga);
      // A run of several acts, of which the first used it: the next asks without, as the hint says.
      if (error_code(done) == "statement-used") done = at.site.scene.run(tool, words + kOlga);
    }
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    (void)at.site.scene.verify();
    return parse_json(as_bytes(done.out), "output")["result"];
  }
  Json must(const std::string& tool, const Words& words) const {
    return at.site.scene.must(tool, words + kOlga);
  }
  [[nodiscard]] Words out(const std::string& name) const { return {"--out", at.site.path(name)}; }
  [[nodiscard]] std::string later() const {
    return at.site.cloud("date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ");
  }
};

TEST_CASE("Policy can name no operation that the cases here do not approve") {
  Operations named;
  for (const auto& operation : approval::kOperations) {
    if (operation.policy != approval::Policy::kNotAsked) named.emplace(operation.name);
  }
  Operations here;
  for (const auto* part : {&kAtKeys, &kAtDataKeys, &kAtClouds, &kAtCeremonies})
    here.insert(part->begin(), part->end());
  CHECK(here == named);
}

void make_and_wrap(Officers& officers) {
  const auto& site = officers.at.site;
  site.serve_at_azure();
  CHECK(officers.approved("generate-kek", kPayments)["version"]["number"] == 1);
  // What is approved names tenant and key, and no label that the run makes up.
  CHECK(site.cloud(
            "grep -cE '\"kek_ref\": ?\"\"' $(ls -t site/approvals/*/statement.json | head -n 1)") ==
        "1");
  const auto parameters = site.azure_parameters("kek");
  (void)officers.approved("wrap-for-import",
                          Words{"azure"} + kPayments + parameters + officers.out("kek.azure"));
  const Words pin{"acme.managedhsm.azure.net", "--wrapping-key-sha256", parameters.back()};
  (void)officers.approved(
      "destination",
      Words{"pin"} + pin + Words{"--until", officers.later(), "--reason", "compared by telephone"});
  (void)officers.approved("destination",
                          Words{"unpin"} + pin + Words{"--reason", "it was replaced"});
}

void adopt(Officers& officers) {
  (void)officers.approved("generate-kek", {"--type", "aes-256", "--label", "old", "--for", "aws"});
  CHECK(officers.approved("inventory", {"adopt", "--tenant", "Acme", "--label", "old", "--key",
                                        "older"})["number"] == 1);
  (void)officers.approved("key", {"activate", "older", "--tenant", "Acme"});
  // One that only a trusted wrapping key may wrap.
  (void)officers.approved("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws",
                                           "--wrap-with-trusted"});
  (void)officers.approved("wrap-for-import",
                          officers.at.site.scene.trusting_wrap("acme", "acme.aws"));
}

void campaign(Officers& officers) {
  const auto& site = officers.at.site;
  site.cloud(
      "printf 'format = \"keyrite-campaign\"\\nversion = 1\\nacts = [\"generate-kek\"]\\n"
      "bases = [\"compared\"]\\nat_most = 2\\nfrom = \"%s\"\\nuntil = \"%s\"\\n"
      "[[key]]\\ntenant = \"Acme\"\\nkey = \"payments\"\\n' "
      "$(date -u -d '-1 hour' +%Y-%m-%dT%H:%M:%SZ) $(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ) "
      "> campaign.toml");
  const auto opened = officers.approved("campaign", {"open", site.path("campaign.toml")});
  (void)officers.approved("campaign", {"close", opened["campaigns"][0]["id"].get<std::string>(),
                                       "--reason", "an approver left"});
}

TEST_CASE("Acts at keys are approved, and the log of each verifies") {
  Officers officers(kAtKeys);
  if (!officers.at.ready()) return;
  (void)officers.approved("token-check", {});
  make_and_wrap(officers);
  adopt(officers);
  campaign(officers);
  (void)officers.approved("inventory", {"reconcile"});
  CHECK(std::ranges::includes(officers.asked, kAtKeys));
}

void of_data_keys(Officers& officers) {
  const auto& site = officers.at.site;
  (void)officers.approved("dek", Words{"issue"} + kPayments + officers.out("records"));
  (void)officers.approved("dek", Words{"unwrap", "--tenant", "Acme", "--reason", "a test", "--from",
                                       site.path("records")} +
                                     officers.out("opened"));
  site.shop().must("head -c 32 /dev/urandom > secret; chmod 600 secret");
  (void)officers.approved(
      "dek", Words{"wrap", "--in", site.path("secret")} + kPayments + officers.out("wrapped"));
  // They move to the next version.
  (void)officers.must("generate-kek", kPayments);
  (void)officers.approved("rotate", kPayments);
  CHECK(site.look("print(*db.execute('SELECT DISTINCT number FROM dek').fetchall())") == "(2,)");
}

void of_a_provider(Officers& officers) {
  const auto& site = officers.at.site;
  const Words inbox{"--tenant", "Acme", "--key", "inbox"};
  (void)officers.must(
      "key", {"add", "inbox", "--tenant", "Acme", "--type", "rsa-2048", "--usage", "wrap"});
  (void)officers.must("generate-kek", inbox);
  (void)officers.must("key", {"activate", "inbox", "--tenant", "Acme"});
  (void)officers.approved("dek", Words{"wrapping-key"} + inbox + officers.out("inbox.pem"));
  site.shop().must(
      "openssl pkeyutl -encrypt -pubin -inkey inbox.pem -pkeyopt rsa_padding_mode:oaep -in secret "
      "-out given");
  (void)officers.approved(
      "dek", Words{"import", "--in", site.path("given"), "--wrap", "rsa-oaep-sha1"} + inbox +
                 officers.out("imported"));
}

void of_credentials(Officers& officers) {
  const auto& site = officers.at.site;
  const Words secret{"--secret-file", site.path("secret")};
  (void)officers.approved("credential", Words{"seal", "--key", "payments"} + kStripe + secret);
  (void)officers.approved("credential", Words{"rotate"} + kStripe + secret);
  (void)officers.approved("credential",
                          Words{"open", "--reason", "a test"} + kStripe + officers.out("clear"));
  site.shop().must("cmp clear secret");
}

TEST_CASE("Acts about data keys and credentials are approved, and the log of each verifies") {
  Officers officers(kAtDataKeys);
  if (!officers.at.ready()) return;
  (void)officers.must("generate-kek", kPayments);
  (void)officers.must("key", {"activate", "payments", "--tenant", "Acme"});
  of_data_keys(officers);
  of_a_provider(officers);
  of_credentials(officers);
  CHECK(std::ranges::includes(officers.asked, kAtDataKeys));
}

TEST_CASE("The rows that a step of a ceremony names are shown, and are no pseudonyms") {
  Officers officers({"rotate"});
  if (!officers.at.ready()) return;
  const auto& site = officers.at.site;
  const auto asked = site.scene.run(
      "ceremony", Words{"approve", KEYRITE_SOURCE_DIR "/ceremonies/scheduled-rotation.toml",
                        "--bind", "tenant=Acme", "--bind", "key=payments", "--bind",
                        "asks=" + site.path("asks"), "--bind", "bundles=" + site.path("bundles")} +
                      kOlga);
  site.scene.refused(asked, 7, "approval-needed");
  CHECK(site.cloud("grep -o 'step.[0-9]*.keys' site/approvals/*/request.json") ==
        "step.3.keys\nstep.6.keys\nstep.9.keys");
  (void)officers.approvals();
}

// The key serves at AWS, where an officer accepts what nothing proves.
void serve(Officers& officers) {
  const auto& at = officers.at;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks", "bundles");
  at.import("bundles");
  CHECK(at.rotate(at.in("--answers", "bundles"))["waits_for"][0]["state"] == "imported");
  (void)officers.approved("inventory",
                          Words{"accept", "--destination", "alias/payments", "--provider", "aws",
                                "--reason", "no answer proves it", "--until", officers.later()} +
                              kPayments);
  (void)officers.approved("rotate", kPayments);
  CHECK(at.states() == "1 active;");
}

// A key that serves nowhere: its data keys move, and it leaks.
void rotate(Officers& officers) {
  const Words inside{"--tenant", "Acme", "--key", "inside"};
  (void)officers.must("key", {"add", "inside", "--tenant", "Acme", "--type", "aes-256"});
  (void)officers.approved("rotate", inside);
  (void)officers.must("dek", Words{"issue"} + inside + officers.out("records"));
  (void)officers.must("generate-kek", inside);
  (void)officers.approved("rotate", inside);
  (void)officers.approved("rotate", inside + officers.at.in("--output", "replaced") +
                                        Words{"--compromised", "--key-version", "2", "--reason",
                                              "a laptop was stolen"});
}

// Everything of it: at the token, in the registry, at the cloud or given up there, and its name.
void shred(Officers& officers) {
  const auto& at = officers.at;
  (void)officers.approved("shred", kLeft + at.in("--output", "gone"));
  (void)officers.approved(
      "shred", kLeft + Words{"--waive", at.site.look("print(*db.execute('SELECT "
                                                     "id FROM destination').fetchone())")});
  at.site.cloud("sh gone/*-delete.sh");
  (void)officers.approved("shred", kLeft + at.in("--answers", "gone.answers"));
  (void)officers.must("tenant", Words{"offboard", "Acme", "--reason", "they left us"});
  // AWS may restore it for a month: an interim statement.
  (void)officers.approved(
      "shred", Words{"certificate", "--tenant", "Acme"} + officers.out("certificate"), 7);
  (void)officers.approved("shred", kLeft + Words{"--forget", "--copy", at.site.path("kept")});
  CHECK(at.site.shop().naming("Acme", "site") == "");
}

TEST_CASE("Acts of a rotation and of a shred are approved, and the log of each verifies") {
  Officers officers(kAtClouds);
  if (!officers.at.ready()) return;
  serve(officers);
  rotate(officers);
  shred(officers);
  CHECK(std::ranges::includes(officers.asked, kAtClouds));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
