// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificate of what shred really did: at a token that destroys, and at one that does not.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Certified {
  ShredSite site;
  Certified() = default;
  explicit Certified(const std::string& faulty_module) : site(faulty_module) {}

  // shred certificate into a new folder; its document.
  [[nodiscard]] Json certify(const std::string& out, const Words& whose, int exit_code) const {
    const auto done = site.run(Words{"certificate", "--out", site.path(out)} + whose);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    return parse_json(as_bytes(done.out), "output");
  }
  // By the tool, and by the commands of docs/formats/certificate.md. What the tool says.
  [[nodiscard]] Json verified(const std::string& folder, int exit_code) const {
    const auto done = run_program(
        {tool_path("verify-certificate"), site.path(folder) + "/certificate.json", "--vkey",
         site.scene.vkey(), "--page", site.path(folder) + "/certificate.html", "--json"});
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    site.shop().put("vkey", as_bytes(site.scene.vkey() + "\n"));
    site.shop().must("mkdir -p outside && cp vkey " + folder +
                     "/certificate.json outside && "
                     "python3 " KEYRITE_SOURCE_DIR
                     "/tests/unit/certificate/commands.py " KEYRITE_SOURCE_DIR
                     "/docs/formats/certificate.md > outside/commands.sh && "
                     "cd outside && sh -e commands.sh");
    return parse_json(as_bytes(done.out), "output")["result"];
  }
};

TEST_CASE("What shred destroyed is certified, and openssl and python3 agree") {
  const Certified one;
  if (!one.site.ready()) return;
  (void)one.site.shred(
      one.site.approved(one.site.left + Words{"--requested-at", "2026-05-04T10:00:00Z"}));
  const Json document = one.certify("gone", {"--tenant", "Acme"}, 0);
  CHECK(document_shape(document) == document_shape(documented_example("shred-certificate-result")));
  const Json claims = one.verified("gone", 0)["claims"];
  CHECK(claims["versions"].size() == 1);
  CHECK(claims["versions"][0]["origin"] == "logged");
  CHECK(claims["versions"][0]["copies"][0]["state"] == "destroyed");
  CHECK(claims["runs"][0]["looks"][0]["canary"] == "opens-nowhere");
  CHECK(claims["decisions"][0]["requested_at"] == "2026-05-04T10:00:00Z");
  CHECK(claims["decisions"][0]["approved_by"].size() == 2);
  // Of all records, by python3 from the log of their making.
  CHECK(claims["decisions"][0]["deks"] == 3);
  CHECK(claims["decisions"][0]["dek_list_sha256"].get<std::string>() ==
        one.site.look("print(results('shred')[0]['dek_list_sha256'], end='')"));
  CHECK(one.certify("key", {"--tenant", "Acme", "--key", "payments", "--key-version", "1"},
                    0)["result"]["kind"] == "certificate");
  // Beta is a tenant whose keys nobody condemned.
  CHECK(
      one.site.run({"certificate", "--tenant", "Beta", "--out", one.site.path("beta")}).exit_code ==
      1);
}

TEST_CASE("shred does its own deed, unless its first word names another command") {
  const auto help = run_program({tool_path("shred"), "--help"});
  CHECK(help.out.find("Other commands:\n  certificate  ") != std::string::npos);
  CHECK(help.out.find("--requested-at") != std::string::npos);
  const auto other = run_program({tool_path("shred"), "certificate", "--help"});
  CHECK(other.out.find("Usage:  keyrite shred certificate ") == 0);
  const auto unknown = run_program({tool_path("shred"), "certify", "--json"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.find("code: command-unknown") != std::string::npos);
}

TEST_CASE("A token that keeps the key gets an interim statement, until the next run ends it") {
  const Certified one(KEYRITE_FAULTY_MODULE);
  if (!one.site.ready()) return;
  (void)one.site.shred(one.site.approved(one.site.left), 7,
                       {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}});
  const Json interim = one.certify("interim", {"--tenant", "Acme"}, 7)["result"];
  CHECK(interim["kind"] == "interim-statement");
  CHECK(interim["pending"].size() == 2);
  CHECK(one.verified("interim", 7)["claims"]["runs"][0]["looks"][0]["outcome"] == "still-there");
  (void)one.site.shred(one.site.left);
  CHECK(one.certify("gone", {"--tenant", "Acme"}, 0)["result"]["kind"] == "certificate");
  CHECK(one.verified("gone", 0)["claims"]["runs"].size() == 2);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
