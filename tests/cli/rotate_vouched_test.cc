// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands of scripts/ci one after the other, in one folder, with nobody there: a fetcher
// vouches for the wrapping keys of AWS, and what nobody vouches for is not wrapped under.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kAcceptVouched = R"sh(set -e
ssh-keygen -q -t ed25519 -N '' -C fay -f fay
printf '\n[[approver]]\nidentity = "fay@example.org"\nroles = ["fetcher"]\nkeys = ["%s"]\n' \
  "$(cat fay.pub)" >> site/roster.toml
printf '\n[wrapping-keys]\naccepted = ["vouched"]\n' >> site/site.toml)sh";
constexpr const char* kVouch = KEYRITE_SOURCE_DIR
    "/scripts/ci/write-vouching-list rotation/vouching.json rotation/*.fetched && "
    "ssh-keygen -q -Y sign -n keyrite-vouching@keyrite -f fay "
    "rotation/vouching.json";

TEST_CASE("At night a key is made, wrapped under a vouched key, imported, proven and serves") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  at.site.shop().must(kAcceptVouched);
  CHECK(at.rotate(at.in("--output", "rotation"))["asked"].size() == 1);
  const Words fingerprints = at.fetch("rotation");
  const Words make = at.in("--parameters", "rotation") + at.in("--output", "rotation");
  at.site.scene.refused(at.run(make), 1, "wrapping-key-basis-refused");
  at.site.scene.refused(at.run(make + fingerprints), 1, "wrapping-key-basis-refused");
  at.site.shop().must(kVouch);
  const Words vouched = at.in("--vouched", "rotation/vouching.json") +
                        at.in("--vouched-signature", "rotation/vouching.json.sig");
  CHECK(at.rotate(make + vouched)["made"].size() == 1);
  at.site.look(R"py(
import glob
made = [json.load(open(name)) for name in glob.glob("rotation/*/manifest.json")]
assert [one["wrapping"]["key_basis"] for one in made] == ["vouched"], made
)py");
  at.site.cloud(KEYRITE_SOURCE_DIR "/scripts/ci/run-imports rotation");
  CHECK(at.rotate(at.in("--answers", "rotation") + at.in("--output", "rotation"))["state"] ==
        "done");
  CHECK(at.states() == "1 active;");
}

TEST_CASE("A vouching list with another hash than that of the wrapping key wraps nothing") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  at.site.shop().must(kAcceptVouched);
  (void)at.rotate(at.in("--output", "rotation"));
  (void)at.fetch("rotation");
  at.site.shop().must(
      KEYRITE_SOURCE_DIR
      "/scripts/ci/write-vouching-list rotation/vouching.json rotation/*.fetched && "
      "python3 -c 'import json; a = json.load(open(\"rotation/vouching.json\")); "
      "a[\"keys\"][0][\"sha256\"] = \"0\" * 64; "
      "json.dump(a, open(\"rotation/vouching.json\", \"w\"))' && "
      "ssh-keygen -q -Y sign -n keyrite-vouching@keyrite -f fay rotation/vouching.json");
  const auto run = at.run(at.in("--parameters", "rotation") + at.in("--output", "rotation") +
                          at.in("--vouched", "rotation/vouching.json") +
                          at.in("--vouched-signature", "rotation/vouching.json.sig"));
  at.site.scene.refused(run, 6, "wrapping-key-not-vouched");
  CHECK(at.site.placements().empty());
  at.site.shop().must("test ! -e rotation/aws-*-v1");
  CHECK(at.states() == "1 pre-activation;");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
