// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Nobody compares the wrapping keys of AWS here: fetchers of the roster vouch for them, and what
// the carrier of the files could have written is refused. Lists are written by python3 and signed
// by ssh-keygen; the stand-in cloud opens what is imported.
#include <doctest/doctest.h>

#include <string>

#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kAcceptVouched = R"sh(set -e
for person in fay fred; do
  ssh-keygen -q -t ed25519 -N '' -C $person -f $person
  printf '\n[[approver]]\nidentity = "%s@example.org"\nroles = ["fetcher"]\nkeys = ["%s"]\n' \
    $person "$(cat $person.pub)"
done >> site/roster.toml
printf '\n[wrapping-keys]\naccepted = ["compared", "vouched"]\nfetchers = 1\n' >> site/site.toml)sh";

// As whoever fetched them writes them: NAME.json of each argument.
constexpr const char* kWriteList = R"py(
import base64, datetime, hashlib, json, os, sys
rows = []
for name in sys.argv[2:]:
    one = json.load(open(name + ".json"))
    row = {"key": one["KeyId"], "sha256": hashlib.sha256(base64.b64decode(one["PublicKey"])).hexdigest()}
    rows += [] if row in rows else [row]  # the stand-in has one wrapping key for all
at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=float(os.environ.get("LATER", "0")))
with open(sys.argv[1], "w") as out:
    json.dump({"format": "keyrite-vouching", "version": 1,
               "fetched": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "keys": rows}, out)
)py";

struct Vouching {
  TenantCloud site{};
  Words parameters{};

  Vouching() {
    if (!site.ready()) return;
    site.shop().must(kAcceptVouched);
    site.shop().put("write-list.py", as_bytes(std::string_view(kWriteList)));
    site.serve_at_aws();
    (void)site.make_version();
    parameters = site.aws_parameters("first");
    parameters.resize(2);  // without --expect-wrapping-key
  }
  [[nodiscard]] std::string list(const std::string& of = "first",
                                 const std::string& environment = {}) const {
    site.shop().must(environment + " python3 write-list.py list.json " + of);
    return site.path("list.json");
  }
  [[nodiscard]] std::string by(const std::string& person,
                               const std::string& name_space = "keyrite-vouching@keyrite") const {
    return site.scene.sign(person, site.path("list.json"), name_space);
  }
  [[nodiscard]] ProgramRun run(const Words& more,
                               const Words& who = {"--operator", "olga@example.org"}) const {
    return site.scene.run("wrap-for-import", Words{"aws", "--tenant", "Acme", "--key", "payments",
                                                   "--out", site.path("vouched.bundle")} +
                                                 parameters + more + who);
  }
  void refused(const Words& more, int exit_code, const std::string& code) const {
    CAPTURE(code);
    site.scene.refused(run(more), exit_code, code);
    site.shop().must("test ! -e vouched.bundle");
  }
  // With fay's signature over the list as it is.
  void refused_signed(int exit_code, const std::string& code) const {
    refused({"--vouched", site.path("list.json"), "--vouched-signature", by("fay")}, exit_code,
            code);
  }
};

TEST_CASE("A vouched wrapping key wraps: manifest and log say so, and the cloud opens it") {
  const Vouching scene;
  if (!scene.site.ready()) return;
  Words again = scene.site.aws_again("again", "first", "again.bundle");
  again.erase(again.begin() + 2, again.begin() + 4);  // without --expect-verification-key
  const auto list = scene.list("first again");
  const auto run =
      scene.run(again + Words{"--vouched", list, "--vouched-signature", scene.by("fay")});
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(run.err.find("is vouched, by fay@example.org") != std::string::npos);
  scene.site.look(R"py(
import hashlib
for name in ("vouched.bundle", "again.bundle"):
    manifest = json.load(open(name + "/manifest.json"))
    assert manifest["version"] == 3 and manifest["wrapping"]["key_basis"] == "vouched", manifest["wrapping"]
entries = [json.loads(line) for line in open("site/transcript/log.jsonl")]
facts = entries[-1]["facts"]
if "evidence_sha256" in facts:
    facts = json.load(open("site/transcript/evidence/" + facts["evidence_sha256"]))
listed = hashlib.sha256(open("list.json", "rb").read()).hexdigest()
assert [(k["basis"], k["vouching_sha256"], k["fetchers"]) for k in facts["wrapping_keys"]] == [("vouched", listed, 1)] * 2
assert {b["wrapping_key_basis"] for b in facts["bundles"]} == {"vouched"}
intent = entries[-2]
assert intent["inputs"]["wrapping_key_bases"] == ["vouched", "vouched"], intent["inputs"]
assert "fay" not in json.dumps(entries)
for key in facts["wrapping_keys"]:
    named = [key["vouching_sha256"], key["vouching_roster_sha256"], *key["vouching_signatures"]]
    assert len(named) == 3 and set(named) <= set(intent["evidence"]), (named, intent["evidence"])
assert len(set(intent["evidence"])) == len(intent["evidence"])
)py");
  scene.site.cloud("sh vouched.bundle/import.sh");
  CHECK(scene.site.judge("vouched.bundle", 7)["placement"]["state"] == "imported");
}

// Years later, with nothing but what the log names and ssh-keygen.
constexpr const char* kVerifyKept = R"py(
import pathlib, re, subprocess, tomllib
kept = pathlib.Path(sys.argv[1])
entries = [json.loads(line) for line in open("site/transcript/log.jsonl")]
facts = next(e["facts"] for e in reversed(entries) if e["event"] == "result")
if "evidence_sha256" in facts:
    facts = json.load(open(kept / facts["evidence_sha256"]))
key = facts["wrapping_keys"][0]
roster = tomllib.loads((kept / key["vouching_roster_sha256"]).read_text())
fetchers = [one for one in roster["approver"] if "fetcher" in one["roles"]]
pathlib.Path("allowed").write_text("".join(f"{one['identity']} {line}\n" for one in fetchers for line in one["keys"]))
told = []
for signature in key["vouching_signatures"]:
    for one in fetchers:
        told += [subprocess.run(["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", one["identity"], "-n",
                                 "keyrite-vouching@keyrite", "-s", kept / signature],
                                stdin=open(kept / key["vouching_sha256"]), capture_output=True).returncode]
row = json.load(open(kept / key["vouching_sha256"]))["keys"][0]
assert row["sha256"] == key["sha256"]
print(sorted(told))
)py";

TEST_CASE("List, signatures and roster of a vouched wrap are kept, and ssh-keygen verifies them") {
  const Vouching scene;
  if (!scene.site.ready()) return;
  const auto list = scene.list();
  const auto run = scene.run({"--vouched", list, "--vouched-signature", scene.by("fay"),
                              scene.by("fred"), scene.by("mallory")});
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  // What was brought is gone, and the roster is another one.
  scene.site.shop().must("rm list.json*; sed -i 's/\"fetcher\"/\"auditor\"/' site/roster.toml");
  const auto verified = scene.site.look(kVerifyKept, "site/transcript/evidence");
  // Two signatures, each by one of two fetchers; mallory's is not kept.
  CHECK(verified == "[0, 0, 255, 255]");
  scene.site.shop().must(
      "test $(grep -lr 'BEGIN SSH SIGNATURE' site/transcript/evidence | wc -l) = 2");
  const auto exported =
      run_program({tool_path("transcript"), "export", scene.site.scene.site(), "--vkey",
                   scene.site.scene.vkey(), "--out", scene.site.path("audit")});
  CAPTURE(exported.err);
  REQUIRE(exported.exit_code == 0);
  CHECK(scene.site.look(kVerifyKept, "audit/evidence") == verified);
}

TEST_CASE("What nobody of the role signed, or somebody for another purpose, vouches for nothing") {
  const Vouching scene;
  if (!scene.site.ready()) return;
  const auto list = scene.list();
  scene.refused({"--vouched", list}, 2, "vouching-incomplete");
  scene.refused({"--vouched-signature", list}, 2, "vouching-incomplete");
  const auto with = [&](const std::string& file) {
    return Words{"--vouched", list, "--vouched-signature", file};
  };
  scene.refused(with(list), 6, "vouching-unsigned");
  scene.refused(with(scene.by("fay", "keyrite-approval@keyrite")), 6, "vouching-unsigned");
  scene.refused(with(scene.by("alice")), 6, "vouching-unsigned");
  scene.refused(with(scene.by("mallory")), 6, "vouching-unsigned");
  const auto good = scene.by("fay");
  scene.site.shop().must("sed -i 's/}$/ }/' list.json");  // after it was signed
  scene.refused(with(good), 6, "vouching-unsigned");
  // Who runs the act carries the files: his own word is none.
  scene.site.scene.refused(scene.run(with(scene.by("fay")), {"--operator", "fay@example.org"}), 6,
                           "vouching-unsigned");
}

TEST_CASE("A vouching list of another key, another hash or another day is refused") {
  const Vouching scene;
  if (!scene.site.ready()) return;
  (void)scene.list("first", "LATER=-25");
  scene.refused_signed(6, "vouching-expired");
  (void)scene.list("first", "LATER=1");
  scene.refused_signed(6, "vouching-not-yet");
  (void)scene.site.aws_parameters("other");
  (void)scene.list("other");
  scene.refused_signed(6, "wrapping-key-not-vouched");
  (void)scene.list();
  scene.site.shop().must(
      R"(sed -i 's/"sha256": "[0-9a-f]*"/"sha256": "'$(printf 0%.0s $(seq 64))'"/' list.json)");
  scene.refused_signed(6, "wrapping-key-not-vouched");
  (void)scene.list();
  scene.site.shop().must("sed -i 's/\"fetched\"/\"by\": 1, \"fetched\"/' list.json");
  scene.refused_signed(3, "vouching-unknown-field");
}

TEST_CASE("Policy says how many must vouch, and whether that is enough at all") {
  const Vouching scene;
  if (!scene.site.ready()) return;
  const auto list = scene.list();
  scene.site.shop().must("sed -i 's/^fetchers = 1/fetchers = 2/' site/site.toml");
  const auto fay = scene.by("fay");
  scene.refused({"--vouched", list, "--vouched-signature", fay, fay}, 6, "vouching-unsigned");
  scene.site.shop().must("sed -i 's/, \"vouched\"//' site/site.toml");
  scene.refused({"--vouched", list, "--vouched-signature", fay}, 1, "wrapping-key-basis-refused");
  // And the other way round: what a person typed is not enough.
  scene.site.shop().must("sed -i 's/\"compared\"/\"vouched\"/' site/site.toml");
  const auto sha256 = scene.site.shop().must(
      "python3 -c 'import json; print(json.load(open(\"list.json\"))[\"keys\"][0][\"sha256\"], "
      "end=\"\")'");
  scene.refused({"--expect-wrapping-key", as_text(sha256)}, 1, "wrapping-key-basis-refused");
  scene.refused({}, 1, "wrapping-key-basis-refused");
  const auto run = scene.run({"--vouched", list, "--vouched-signature", fay, scene.by("fred")});
  CAPTURE(run.err);
  CHECK(run.exit_code == 0);
}

// docs/guide/ci.md, section 2, as it stands there.
constexpr const char* kTakeGuide = R"sh(set -e
sed -n '/^    \[wrapping-keys\]/,/^[^ ]/s/^    //p' "$GUIDE" >> site/site.toml
grep -q '^accepted = .*"pinned", "vouched"' site/site.toml
ssh-keygen -q -t ed25519 -N '' -C connected -f connected
sed -n '/^    \[\[approver\]\]/,/^[^ ]/s/^    //p' "$GUIDE" |
  sed "s#^keys = .*#keys = [\"$(cat connected.pub)\"]#" >> site/roster.toml)sh";

TEST_CASE("A site takes the policy and the roster of the guide for unattended runs") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.shop().must("GUIDE=" KEYRITE_SOURCE_DIR "/docs/guide/ci.md; " + std::string(kTakeGuide));
  CHECK(site.scene.must("destination", {"pinned", "--operator", "olga@example.org"})["pinned"]
            .empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
