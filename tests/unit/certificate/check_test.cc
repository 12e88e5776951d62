// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite verify-certificate: a certificate by its file, the log's vkey and its page.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "certificate/check_certificate.h"
#include "certificate/page.h"
#include "support/failure.h"
#include "unit/certificate/destroyed_scene.h"
#include "unit/crypto/certificate_office.h"

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

// In a line of the text for people, wherever it was broken.
bool says(const certificate::Checked& checked, const std::string& text) {
  return std::ranges::any_of(certificate::lines_of(checked), [&](std::string line) {
    std::ranges::replace(line, '\n', ' ');
    return line.find(text) != std::string::npos;
  });
}

TEST_CASE("A certificate and its page by the vkey, as a text or in a file") {
  Written written;
  const auto checked = certificate::check_certificate(written.request);
  const Json json = certificate::to_json(checked);
  CHECK(json["countersigned_by"].is_null());
  CHECK(json["kind"] == "certificate");
  CHECK(json["claims"]["versions"][0]["state"] == "destroyed");
  CHECK(certificate::lines_of(checked).front() == "verdict: verified");
  CHECK(says(checked, "The certificate is what the log"));
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
  CHECK(says(checked, "alice@example.org of the roster"));
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

TEST_CASE("A person of the roster signs the certificate in CMS, as openssl makes it") {
  Countersigned countersigned;
  const auto& shop = countersigned.scene.shop();
  CertificateOffice office(shop);
  for (const char* person : {"bob", "eve"}) office.issue(person);
  const std::string roster = fmt::format(
      "[[ca]]\ncertificate = '''{}'''\n[[approver]]\nidentity = \"bob@example.org\"\nroles = "
      "[\"auditor\"]\ncertificates = ['''{}''']\n",
      office.pem("ca"), office.pem("bob"));
  shop.put("roster", as_bytes(roster));
  const Bytes file = shop.get("certificate.json");
  const auto signed_by = [&](const std::string& person, ByteView text) {
    countersigned.request.signature =
        shop.put("certificate.json.p7s", office.sign(person, text)).native();
  };
  signed_by("bob", file);
  CHECK(certificate::check_certificate(countersigned.request).countersigned_by ==
        "bob@example.org");
  signed_by("eve", file);
  CHECK(countersigned.refusal() == "countersignature-unknown");
  Bytes other = file;
  other.push_back(' ');
  signed_by("bob", other);
  CHECK(countersigned.refusal() == "countersignature-wrong");
}

TEST_CASE("Beside the whole log a certificate that leaves nothing out is whole") {
  Written written;
  written.request.transcript = written.scene.site().folder;
  auto checked = certificate::check_certificate(written.request);
  CHECK(certificate::to_json(checked)["transcript"]["later"].empty());
  CHECK(says(checked, "leaves out"));
  // What came later is not left out, and is told.
  const auto size = checked.verified.checkpoint.head.size;
  written.scene.wrap_for("aws", "2027-01-01T00:00:00Z");
  (void)written.scene.document();
  written.request.transcript = written.scene.site().folder + "/transcript";
  checked = certificate::check_certificate(written.request);
  CHECK(certificate::to_json(checked)["transcript"]["later"] == Json::array({size, size + 1}));
  CHECK(checked.verified.statement.is_complete());
}

TEST_CASE("Beside the whole log an entry that the issuer left out is found") {
  DestroyedScene scene;
  scene.shred();
  scene.wrap_for("aws", "2027-01-01T00:00:00Z");
  auto document = scene.document();
  const auto wrapped = document.entries.back().index;
  document.entries.resize(document.entries.size() - 2);
  certificate::CheckRequest request{
      .file = scene.shop().put("certificate.json", as_bytes(scene.file(document))),
      .vkey = {scene.vkey().text()}};
  CHECK(certificate::check_certificate(request).verified.statement.is_complete());
  request.transcript = scene.site().folder;
  const auto failure = failure_of([&] { (void)certificate::check_certificate(request); });
  CHECK(failure.code == "destruction-left-out");
  CHECK(failure.message.find(std::to_string(wrapped)) != std::string::npos);
}

TEST_CASE("Another history of the log is not the one of the certificate") {
  Written written;
  DestroyedScene other;
  other.shred();
  (void)other.document();
  written.request.vkey.push_back(other.vkey().text());
  written.request.transcript = other.site().folder;
  CHECK(failure_of([&] { (void)certificate::check_certificate(written.request); }).code ==
        "destruction-log-other");
  // Or one that was cut off.
  DestroyedScene cut;
  cut.add_key();
  (void)cut.document();
  written.request.vkey.back() = cut.vkey().text();
  written.request.transcript = cut.site().folder;
  CHECK(failure_of([&] { (void)certificate::check_certificate(written.request); }).code ==
        "destruction-log-other");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
