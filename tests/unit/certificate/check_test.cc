// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite verify-certificate: a certificate by its file, the log's vkey and its page.
#include <doctest/doctest.h>

#include "certificate/check_certificate.h"
#include "certificate/page.h"
#include "support/failure.h"
#include "unit/certificate/destroyed_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Written {
  DestroyedScene scene{};
  certificate::CheckRequest request{};
  Written() {
    scene.shred();
    const std::string file = scene.file(scene.document());
    const auto verified = scene.verified(file);
    request.file = scene.shop().put("certificate.json", as_bytes(file));
    request.vkey = {scene.vkey().text()};
    request.page = scene.shop().put(
        "certificate.html", as_bytes(certificate::page_of(verified.document, verified.facts,
                                                          verified.statement, verified.sha256)));
  }
};

TEST_CASE("A certificate and its page by the vkey, as a text or in a file") {
  Written written;
  const auto checked = certificate::check_certificate(written.request);
  const Json json = certificate::to_json(checked);
  CHECK(json["countersigned_by"].is_null());
  CHECK(json["kind"] == "certificate");
  CHECK(json["claims"]["versions"][0]["state"] == "destroyed");
  CHECK(certificate::lines_of(checked).front().starts_with("The certificate is what the log"));
  written.request.vkey = {
      written.scene.shop().put("vkeys", as_bytes(written.scene.vkey().text() + "\n")).native()};
  CHECK(certificate::check_certificate(written.request).verified.sha256 == checked.verified.sha256);
}

TEST_CASE("A page that was changed is refused, and so is another vkey") {
  Written written;
  written.scene.shop().must("sed -i 's/performed and verified/performed/' certificate.html");
  CHECK(failure_of([&] { (void)certificate::check_certificate(written.request); }).code ==
        "destruction-page");
  const DestroyedScene other;
  written.request.vkey = {other.vkey().text()};
  CHECK(failure_of([&] { (void)certificate::check_certificate(written.request); }).code ==
        "note-unsigned");
}

// Alice, who did not perform it, and Olga, who did; Mallory is not in the roster.
struct Countersigned : Written {
  Countersigned() {
    const auto& shop = scene.shop();
    for (const char* person : {"alice", "olga", "mallory"})
      shop.must(std::string("ssh-keygen -q -t ed25519 -N '' -C '' -f ") + person);
    shop.must(
        "for who in alice olga; do printf '[[approver]]\\nidentity = \"%s@example.org\"\\nroles = "
        "[\"auditor\"]\\nkeys = [\"%s\"]\\n' $who \"$(cut -d' ' -f1,2 $who.pub)\"; done > roster");
    request.roster = (shop.folder() / "roster").native();
  }
  void sign(const std::string& person, const std::string& purpose = "keyrite-certificate@keyrite") {
    scene.shop().must("rm -f certificate.json.sig; ssh-keygen -q -Y sign -n " + purpose + " -f " +
                      person + " certificate.json 2>/dev/null");
    request.signature = request.file + ".sig";
  }
  [[nodiscard]] std::string refusal() const {
    return failure_of([&] { (void)certificate::check_certificate(request); }).code;
  }
};

TEST_CASE("A person of the roster who did not perform it signs the certificate") {
  Countersigned countersigned;
  countersigned.sign("alice");
  const auto checked = certificate::check_certificate(countersigned.request);
  CHECK(checked.countersigned_by == "alice@example.org");
  CHECK(certificate::to_json(checked)["countersigned_by"] == "alice@example.org");
  CHECK(certificate::lines_of(checked)[2].starts_with("alice@example.org of the roster"));
}

TEST_CASE("Signatures of people that do not count") {
  Countersigned countersigned;
  countersigned.sign("olga");
  CHECK(countersigned.refusal() == "countersignature-performer");
  countersigned.sign("mallory");
  CHECK(countersigned.refusal() == "countersignature-unknown");
  countersigned.sign("alice", "keyrite-approval@keyrite");
  CHECK(countersigned.refusal() == "countersignature-wrong");
  countersigned.scene.shop().must(
      "cp certificate.json kept; echo >> certificate.json; ssh-keygen -q -Y sign -n "
      "keyrite-certificate@keyrite -f alice certificate.json 2>/dev/null < /dev/null; "
      "rm -f certificate.json.sig; ssh-keygen -q -Y sign -n keyrite-certificate@keyrite -f alice "
      "certificate.json 2>/dev/null; cp kept certificate.json");
  CHECK(countersigned.refusal() == "countersignature-wrong");
  countersigned.sign("alice");
  countersigned.scene.shop().must(
      "sed -i '0,/^keys/s//valid_until = \"2026-11-29T12:00:00Z\"\\nkeys/' roster");
  CHECK(countersigned.refusal() == "countersignature-unknown");
  countersigned.request.roster.reset();
  CHECK(countersigned.refusal() == "countersignature-roster");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
