// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// An act at a tenant's key that policy wants approved: an officer is shown all of it, signs, it is
// done, and the log of it verifies. Its request has ids of the registry in clear, which look like
// pseudonyms and are none.
#include <doctest/doctest.h>

#include <string>

#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};

struct Approving {
  TenantCloud site{};

  Approving() {
    if (!site.ready()) return;
    site.serve_at_azure();
    site.shop().must(
        "for act in generate-kek wrap-for-import key-activate; do "
        "printf '\n[approvals.needed.%s]\nsecurity-officer = 1\n' $act; done >> site/site.toml");
  }
  // Asked for, shown, counted, signed by alice, and done. The result document.
  Json approved(const std::string& tool, const Words& words) const {
    CAPTURE(tool);
    site.shop().must("rm -rf site/approvals/*");
    site.scene.refused(site.scene.run(tool, words + kOlga), 7, "approval-needed");
    const auto statement = site.scene.statement();
    const auto shown = run_program({tool_path("approve"), "show", statement, "--json"});
    CAPTURE(shown.out);
    REQUIRE(shown.exit_code == 0);
    const auto signature = site.scene.sign("alice", statement);
    const auto done = site.scene.run(tool, words + kOlga + Words{"--approval", signature});
    CAPTURE(done.out);
    REQUIRE(done.exit_code == 0);
    // The log alone is compared with the statement: what is here now belongs to one act.
    site.shop().must(
        "mkdir -p kept && cp -r site/approvals/* kept/ && cp -r kept/* site/approvals/");
    (void)site.scene.verify();
    return parse_json(as_bytes(done.out), "output");
  }
};

TEST_CASE("Each act at a tenant's key is shown, approved and done, and its log verifies") {
  const Approving one;
  if (!one.site.ready()) return;
  const auto made = one.approved("generate-kek", kPayments);
  CHECK(made.at("result").at("version").at("number") == 1);
  // What is approved names tenant and key, and no label that the run makes up.
  CHECK(one.site.cloud(
            "python3 -c 'import glob, json; print(json.load(open(glob.glob(\"site/approvals/*/"
            "statement.json\")[0]))[\"kek_ref\"] == \"\")'") == "True");
  (void)one.approved("wrap-for-import", Words{"azure"} + kPayments +
                                            one.site.azure_parameters("kek") +
                                            Words{"--out", one.site.path("kek.azure")});
  CHECK(one.site.placements() == "azure wrapped");
}

TEST_CASE("The rows that a step of a ceremony names are shown, and are no pseudonyms") {
  const Approving one;
  if (!one.site.ready()) return;
  (void)one.site.scene.run(
      "ceremony",
      Words{"approve", KEYRITE_SOURCE_DIR "/ceremonies/scheduled-rotation.toml", "--bind",
            "tenant=Acme", "--bind", "key=payments", "--bind", "asks=" + one.site.path("asks"),
            "--bind", "bundles=" + one.site.path("bundles")} +
          kOlga);
  const auto statement = one.site.scene.statement();
  CHECK(one.site.cloud("grep -o 'step.[0-9]*.keys' $(dirname " + statement + ")/request.json") ==
        "step.3.keys\nstep.6.keys\nstep.9.keys");
  const auto shown = run_program({tool_path("approve"), "show", statement, "--json"});
  CAPTURE(shown.out);
  CHECK(shown.exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
