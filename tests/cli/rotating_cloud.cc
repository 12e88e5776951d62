// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/rotating_cloud.h"

#include <doctest/doctest.h>

namespace keyrite::test {

namespace {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};
constexpr std::size_t kDigits = 64;

}  // namespace

ProgramRun RotatingCloud::run(const Words& words) const {
  if (clock.empty()) return site.scene.run("rotate", kPayments + words + kOlga);
  return run_program(Words{"/usr/bin/env", "faketime", "-f", clock, tool_path("rotate")} +
                     kPayments + words + kOlga + Words{"--site", site.scene.site(), "--json"});
}

std::string RotatingCloud::shell() const {
  return clock.empty() ? "sh " : "faketime -f " + clock + " sh ";
}

bool RotatingCloud::runs(const std::string& script) const {
  return site.cloud(shell() + script + " > said 2>&1 && echo yes || echo no") == "yes";
}

void RotatingCloud::mac_at_azure() const {
  (void)site.scene.must(
      "destination", Words{"add", "https://acme.managedhsm.azure.net/keys/payments", "--provider",
                           "azure", "--region", "westeurope", "--ops", "sign", "--ops", "verify"} +
                         kPayments + kOlga);
}

void RotatingCloud::mac_at_google() const {
  site.cloud("gcloud kms keyrings create ring --location europe-west3");
  (void)site.scene.must(
      "destination",
      Words{"add", "projects/acme/locations/europe-west3/keyRings/ring/cryptoKeys/payments",
            "--provider", "google", "--import-method", "rsa-oaep-3072-sha1-aes-256",
            "--protection-level", "hsm"} +
          kPayments + kOlga);
}

Json RotatingCloud::rotate(const Words& words, int exit_code) const {
  const auto done = run(words);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == exit_code);
  return parse_json(as_bytes(done.out), "output")["result"]["keys"][0];
}

Words RotatingCloud::approved(const Words& words) const {
  site.scene.refused(run(words), 7, "approval-needed");
  const auto statement = site.path(site.cloud("ls -t site/approvals/*/statement.json | head -n 1"));
  return words + Words{"--approval", site.scene.sign("alice", statement),
                       site.scene.sign("bob", statement)};
}

Words RotatingCloud::fetch(const std::string& asks) const {
  const auto shown = site.cloud("for f in " + asks + "/ask-*[0-9]/fetch.sh; do " + shell() +
                                "$f 2>> shown || { cat shown >&2; exit 1; }; done; "
                                "sed -n 's/^fetch.sh:   \\([0-9a-f]*\\)$/\\1/p' shown; rm shown");
  Words expected;
  for (std::size_t at = 0; at < shown.size(); at += kDigits + 1)
    expected = expected + Words{"--expect-wrapping-key", shown.substr(at, kDigits)};
  return expected;
}

Json RotatingCloud::ask_and_make(const std::string& asks, const std::string& out) const {
  (void)rotate(in("--output", asks) + Words{"--force"});
  return make(asks, out);
}

Json RotatingCloud::make(const std::string& asks, const std::string& out) const {
  return rotate(in("--parameters", asks) + in("--output", out) + fetch(asks));
}

void RotatingCloud::import(const std::string& bundles) const {
  site.cloud("for f in " + bundles +
             "/*-v[0-9]; do case $f in */google*) sh $f/import.sh create || : ;; esac; " + shell() +
             "$f/import.sh || exit 1; done");
}

void RotatingCloud::accept(const std::string& provider, const std::string& destination) const {
  (void)site.scene.must(
      "inventory", Words{"accept", "--destination", destination, "--provider", provider, "--reason",
                         "no answer proves it", "--until",
                         site.cloud("date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ")} +
                       kPayments + kOlga);
}

std::string RotatingCloud::states() const {
  return site.look(
      "print(*(f'{n} {s};' for n, s in db.execute('SELECT number, state FROM version ORDER BY "
      "number')))");
}

}  // namespace keyrite::test
