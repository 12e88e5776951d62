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
  const auto verified = certificate::check_certificate(written.request);
  const Json json = certificate::to_json(verified);
  CHECK(json["kind"] == "certificate");
  CHECK(json["claims"]["versions"][0]["state"] == "destroyed");
  CHECK(certificate::lines_of(verified).front().starts_with("The certificate is what the log"));
  written.request.vkey = {
      written.scene.shop().put("vkeys", as_bytes(written.scene.vkey().text() + "\n")).native()};
  CHECK(certificate::check_certificate(written.request).sha256 == verified.sha256);
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

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
