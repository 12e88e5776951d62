// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// rotate --compromised of a key that serves at clouds: data keys do not wait for them, and they
// follow. The stand-ins encrypt by openssl with what they were given.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};
const Words kLeaked{"--compromised", "--key-version", "1", "--reason", "a laptop was stolen"};
constexpr const char* kAlias = "--key-id alias/payments --region eu-central-1 ";

void issue(const RotatingCloud& at) {
  (void)at.site.scene.must(
      "dek", Words{"issue", "--count", "2", "--out", at.site.path("records")} + kPayments + kOlga);
}

void serve_first_at_aws(const RotatingCloud& at) {
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  at.site.cloud(
      "aws kms create-alias --alias-name alias/payments --region eu-central-1 --target-key-id "
      "$(python3 -c 'import json,glob; "
      "print(json.load(open(glob.glob(\"asks1/*.fetched/key.json\")[0]))[\"KeyMetadata\"][\"Arn\"])"
      "')");
}

std::string cloud_key(const RotatingCloud& at, const std::string& version) {
  return at.site.look("print(*db.execute('SELECT cloud_key FROM placement WHERE number = " +
                      version + "').fetchone())");
}

TEST_CASE(
    "At AWS the version that waits goes to a new KMS key, and what the old one encrypted too") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_first_at_aws(at);
  at.site.cloud("aws kms encrypt " + std::string(kAlias) +
                "--plaintext aGVsbG8= --query CiphertextBlob --output text | base64 -d > old");
  issue(at);
  // A rotation in place is under way, and its bundle is not imported.
  CHECK(at.ask_and_make("asks2", "bundles2")["made"].size() == 2);
  CHECK(cloud_key(at, "1") == cloud_key(at, "2"));

  const Json first = at.rotate(at.approved(kLeaked) + at.in("--output", "asks3"));
  CHECK(first["state"] == "waiting");
  CHECK(first["next_step"] == "wait");
  CHECK(first["moved"] == 2);
  CHECK(first["to_replace"]["count"] == 2);
  CHECK(first["asked"].size() == 1);
  CHECK(at.states() == "1 compromised; 2 active;");
  CHECK(first["re_encrypt"][0]["version"] == 1);
  CHECK(first["re_encrypt"][0]["cloud_key"] == cloud_key(at, "1"));
  const Json status = at.site.scene.must("rotate", {"--status"});
  CHECK(status["summary"]["waiting"] == 1);
  CHECK(status["keys"][0]["compromised"] == Json::array({1}));

  // From here on it is a rotation like others.
  CHECK(at.make("asks3", "bundles3")["made"].size() == 2);
  CHECK(cloud_key(at, "1") != cloud_key(at, "2"));
  at.import("bundles3");
  at.site.cloud("sh bundles3/*-again/import.sh --first-answers bundles3/aws-*v2.answers");
  const Json done = at.rotate(at.in("--answers", "bundles3") + at.in("--output", "switch"));
  CHECK(done["state"] == "done");
  CHECK(at.site.placements() == "aws proven, aws proven");
  CHECK(at.states() == "1 compromised; 2 active;");
  at.site.cloud("sh switch/*/aws-switch.sh --print > printed; sh switch/*/aws-switch.sh");
  at.site.shop().must("grep -q '^aws kms update-alias ' printed; ! grep -q on-demand printed");
  // What was encrypted before opens by the old KMS key, and by the list it comes under the new one.
  const auto move = done["re_encrypt"][0]["do"].get<std::string>();
  REQUIRE(move.starts_with("aws kms re-encrypt --source-key-id " + cloud_key(at, "1")));
  CHECK(done["re_encrypt"][0]["then"].get<std::string>().starts_with(
      "aws kms disable-key --key-id " + cloud_key(at, "1") + " "));
  at.site.shop().put("move.sh", as_bytes(move));
  at.site.cloud("sed -i s/CIPHERTEXT/old/ move.sh; sh move.sh | base64 -d > new");
  const auto opened = [&](const std::string& key, const std::string& file) {
    return at.site.cloud("aws kms decrypt --region eu-central-1 --key-id " + key +
                         " --ciphertext-blob fileb://" + file + " --query Plaintext --output text");
  };
  CHECK(opened(cloud_key(at, "1"), "old") == "aGVsbG8=");
  CHECK(opened("alias/payments", "new") == "aGVsbG8=");
  CHECK(opened(cloud_key(at, "2"), "new") == "aGVsbG8=");
  CHECK(at.rotate(kLeaked)["state"] == "done");
  CHECK(at.states() == "1 compromised; 2 active;");
}

TEST_CASE("Material that was imported beside a compromised version leaves by one version more") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_first_at_aws(at);
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  (void)at.rotate(at.in("--answers", "bundles2"));
  CHECK(at.site.placements() == "aws proven, aws imported");
  const Json first = at.rotate(at.approved(kLeaked) + at.in("--output", "out"));
  CHECK(at.states() == "1 compromised; 2 active;");
  CHECK(first["state"] == "waiting");
  CHECK(first["asked"].empty());
  CHECK(first["switch"].empty());
  CHECK(first["re_encrypt"][0]["then"].is_null());  // version 2 would stop too
  CHECK(first["waits_for"][0]["do"].get<std::string>().find("--force") != std::string::npos);
  CHECK(at.ask_and_make("asks3", "bundles3")["made"].size() == 2);
  CHECK(cloud_key(at, "3") != cloud_key(at, "1"));
  CHECK(at.states() == "1 compromised; 2 active; 3 pre-activation;");
}

TEST_CASE("A mark that nobody approved lets no version become active before its destinations") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_first_at_aws(at);
  issue(at);
  (void)at.site.scene.must(
      "key",
      Words{"mark-compromised", "payments", "--tenant", "Acme", "--reason", "incident 8"} + kOlga);
  CHECK(at.rotate({})["state"] == "waiting");
  CHECK(at.states() == "1 compromised; 2 pre-activation;");
  CHECK(at.rotate(at.approved(kLeaked))["moved"] == 2);
  CHECK(at.states() == "1 compromised; 2 active;");
}

// As rotate --compromised would write it, by somebody who has no token, behind the last checkpoint.
constexpr const char* kForgeMark = R"py(
import hashlib
log = "site/transcript/log.jsonl"
lines = open(log, "rb").read().split(b"\n")[:-1]
(key,), = db.execute("SELECT id FROM tenant_key WHERE name = 'payments'")
facts = {"batch": "0" * 32, "changes": [], "key": key, "rows_sha256": "0" * 64, "text_sha256": "0" * 64, "version": 1}
head = {"act": "rotate-compromised", "operator": "alice@example.org", "run": "0" * 32, "time": "2026-01-01T00:00:00Z"}
for entry in ({"event": "intent", "request": {}, "keys": [], "outputs": []},
              {"event": "result", "outcome": "done", "facts": facts, "pin_entries": []}):
    entry.update(head, prev=hashlib.sha256(b"\0" + lines[-1]).hexdigest(), seq=len(lines))
    lines.append(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode())
open(log, "wb").write(b"\n".join(lines) + b"\n")
)py";

TEST_CASE("An entry that somebody added behind the last checkpoint decides no compromise") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_first_at_aws(at);
  issue(at);
  (void)at.site.scene.must(
      "key",
      Words{"mark-compromised", "payments", "--tenant", "Acme", "--reason", "incident 8"} + kOlga);
  (void)at.rotate({});
  CHECK(at.states() == "1 compromised; 2 pre-activation;");
  at.site.look(kForgeMark);
  const auto next = [&](const Words& words) {
    return parse_json(as_bytes(at.run(words).out), "output")["plan"]["keys"][0]["next_step"];
  };
  CHECK(next({"--dry-run"}) == "wait");
  // Nor does it say that the mark which officers are asked for was made before.
  CHECK(next(kLeaked + Words{"--dry-run"}) == "mark-compromised");
  at.site.scene.refused(at.run(kLeaked), 6, "entry-unvouched");
  // A log that is not what was signed says nothing of it.
  CHECK(at.states() == "1 compromised; 2 pre-activation;");
}

TEST_CASE("A key that wraps no data keys waits for its destinations and consumers as ever") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  const Json first = at.rotate(at.approved(kLeaked) + at.in("--output", "asks2"));
  CHECK(first["state"] == "waiting");
  CHECK(first["asked"].size() == 1);
  CHECK(at.states() == "1 compromised; 2 pre-activation;");
  (void)at.make("asks2", "bundles2");
  at.import("bundles2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["next_step"] == "wait-for-consumers");
  CHECK(at.rotate({"--consumers-ready"})["state"] == "done");
  CHECK(at.states() == "1 compromised; 2 active;");
}

TEST_CASE(
    "Azure and Google follow the active version: check name, then its own, not primary, then so") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  (void)at.rotate(at.in("--answers", "bundles1"));
  at.accept("google", "payments");
  CHECK(at.rotate({})["state"] == "done");
  CHECK(at.rotate(at.approved(kLeaked) + at.in("--output", "asks2"))["asked"].size() == 2);
  CHECK(at.states() == "1 compromised; 2 active;");
  CHECK(at.make("asks2", "bundles2")["made"].size() == 2);
  at.site.shop().must("grep -q keyrite-check- bundles2/azure-*-v2/manifest.json");
  at.import("bundles2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["state"] == "waiting");
  CHECK(at.site.placements() == "azure proven, azure proven, google accepted, google imported");
  at.accept("google", "payments");
  const Json late = at.rotate(at.in("--output", "switch2"));
  CHECK(late["next_step"] == "wait-for-switch");
  CHECK(late["switch"].size() == 1);
  at.site.cloud("sh switch2/switch-*/google-switch.sh");
  const auto expected = at.fetch("asks2");
  CHECK(at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") + expected)["made"]
            .size() == 1);
  at.site.cloud("sh bundles2/azure-*-switch/import.sh");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["state"] == "done");
  CHECK(at.site.placements() == "azure proven, azure serving, google accepted, google accepted");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
