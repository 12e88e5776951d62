// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A plan that is approved once for many acts: what it covers asks nobody and is counted, and
// nothing else is done under it. What the log has is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

// generate-kek and key-activate need an officer; keys "payments" and "other" of tenant "Acme".
constexpr const char* kMakeAndActivate = R"("generate-kek", "key-activate")";

struct Campaign {
  TenantCloud site{};
  std::string id{};
  Json document{};  // what open printed

  Campaign() {
    if (!site.ready()) return;
    site.shop().must(
        "printf '\n[approvals.needed.generate-kek]\nsecurity-officer = 1\n"
        "[approvals.needed.wrap-for-import]\nsecurity-officer = 1\n' >> site/site.toml");
    (void)site.scene.must("key",
                          Words{"add", "other", "--tenant", "Acme", "--type", "aes-256"} + kOlga);
  }
  // The plan in campaign.toml, from now for an hour unless it says something else.
  void plan(const std::string& key = "payments", const std::string& at_most = "2",
            const std::string& more = "", const std::string& acts = R"("generate-kek")",
            const std::string& from = "-1 hour", const std::string& until = "+1 hour") const {
    const auto at = [&](const std::string& when) {
      return "\"" + site.cloud("date -u -d '" + when + "' +%Y-%m-%dT%H:%M:%SZ") + "\"\n";
    };
    site.shop().put(
        "campaign.toml",
        as_bytes("format = \"keyrite-campaign\"\nversion = 1\nacts = [" + acts +
                 "]\nbases = [\"compared\"]\nfrom = " + at(from) + "until = " + at(until) +
                 "at_most = " + at_most + "\n[[key]]\ntenant = \"Acme\"\nkey = \"" + key + "\"\n" +
                 more + "\n"));
  }
  [[nodiscard]] ProgramRun open(const Words& more = {}) const {
    return site.scene.run("campaign", Words{"open", site.path("campaign.toml")} + kOlga + more);
  }
  // Asked for, signed by alice, and open.
  void opened() {
    site.shop().must("rm -rf site/approvals/*");
    site.scene.refused(open(), 7, "approval-needed");
    const auto run = open({"--approval", site.scene.sign("alice", site.scene.statement())});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    document = parse_json(as_bytes(run.out), "output");
    id = document["result"]["campaigns"][0]["id"];
  }
  [[nodiscard]] ProgramRun make(const std::string& key = "payments") const {
    return site.scene.run("generate-kek",
                          Words{"--tenant", "Acme", "--key", key, "--campaign", id} + kOlga);
  }
  [[nodiscard]] ProgramRun activate() const {
    return site.scene.run(
        "key", Words{"activate", "payments", "--tenant", "Acme", "--campaign", id} + kOlga);
  }
  void refused(const ProgramRun& run, const std::string& code, int exit_code = 6) const {
    CAPTURE(code);
    site.scene.refused(run, exit_code, code);
  }
  void edit(const std::string& statement) const {
    site.look(
        "kept = db.execute(\"select name, sql from sqlite_schema where type = "
        "'trigger'\").fetchall()\n"
        "for name, sql in kept: db.execute('drop trigger ' + name)\n"
        "assert db.execute(\"\"\"" +
        statement +
        "\"\"\").rowcount > 0\n"
        "for name, sql in kept: db.execute(sql)\ndb.commit()\n");
  }
};

TEST_CASE(
    "An act under an approved campaign asks nobody, and the log counts it, one more is refused") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan("payments", "1", "", kMakeAndActivate);
  scene.opened();
  // Without it the act asks.
  scene.refused(
      scene.site.scene.run("generate-kek", Words{"--tenant", "Acme", "--key", "payments"} + kOlga),
      "approval-needed", 7);
  const auto run = scene.make();
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  scene.site.look(R"py(
entries = [json.loads(line) for line in open("site/transcript/log.jsonl")]
used = [e for e in entries if "campaign" in e]
assert len(used) == 1 and used[0]["event"] == "intent" and used[0]["act"] == "generate-kek" and "approval" not in used[0]
(subject, sha256, content), = db.execute("SELECT subject, sha256, content FROM decision WHERE kind = 'campaign'")
assert used[0]["campaign"] == {"id": subject, "of": 1, "plan_sha256": sha256, "use": 1}, used[0]["campaign"]
made = [e for e in entries if e.get("act") == "campaign-open" and e["event"] == "result"]
assert made[0]["facts"]["changes"][0]["decision"]["sha256"] == sha256
asked = [e for e in entries if e.get("act") == "campaign-open" and e["event"] == "intent"]
assert asked[0]["approval"]["by"][0]["identity"] == "alice@example.org"
assert "payments" not in json.dumps(entries)
)py");
  scene.refused(scene.activate(), "campaign-used-up");
  const Json list = scene.site.scene.must("campaign", Words{"list"} + kOlga);
  REQUIRE(list["campaigns"].size() == 1);
  CHECK(list["campaigns"][0]["uses"] == 1);
}

TEST_CASE("Who approves a campaign reads that it is for many acts") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan();
  scene.site.shop().must("rm -rf site/approvals/*");
  scene.refused(scene.open(), "approval-needed", 7);
  const auto shown = run_program({tool_path("approve"), "show", scene.site.scene.statement()});
  CAPTURE(shown.err);
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("THIS IS A CAMPAIGN") != std::string::npos);
  CHECK(shown.out.find("up to 2 acts") != std::string::npos);
  CHECK(shown.out.find("\"payments\"") != std::string::npos);
}

TEST_CASE("A campaign is for its keys, its acts, its destinations and its bases alone") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.site.serve_at_aws();
  scene.plan();
  scene.opened();
  scene.refused(scene.make("other"), "campaign-other-key");
  scene.refused(scene.site.scene.run(
                    "generate-kek",
                    Words{"--type", "aes-256", "--label", "free", "--campaign", scene.id} + kOlga),
                "campaign-other-key");
  REQUIRE(scene.make().exit_code == 0);
  const Words wrap = scene.site.aws_parameters("first") +
                     Words{"--out", scene.site.path("refused.bundle"), "--campaign"};
  scene.refused(scene.site.run_wrap("aws", wrap + Words{scene.id}), "campaign-other-act");
  scene.plan("payments", "9", "", R"("wrap-for-import")");
  scene.opened();
  scene.refused(scene.site.run_wrap("aws", wrap + Words{scene.id}), "campaign-other-destination");
  scene.plan("payments", "9", R"(destinations = ["alias/payments"])", R"("wrap-for-import")");
  scene.site.shop().must("sed -i 's/\"compared\"/\"vouched\"/' campaign.toml");
  scene.opened();
  scene.refused(scene.site.run_wrap("aws", wrap + Words{scene.id}), "campaign-other-basis");
  scene.site.shop().must(
      "test ! -e refused.bundle && sed -i 's/\"vouched\"/\"compared\"/' campaign.toml");
  scene.opened();
  CHECK(document_shape(scene.document) ==
        document_shape(documented_example("campaign-open-result")));
  const auto run = scene.site.run_wrap("aws", wrap + Words{scene.id});
  CAPTURE(run.err);
  CHECK(run.exit_code == 0);
}

TEST_CASE("A campaign holds in its window, until it is closed, and while its plan is the log's") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan("payments", "2", "", R"("generate-kek")", "+1 hour", "+2 hours");
  scene.opened();
  scene.refused(scene.make(), "campaign-outside-window");
  scene.plan();
  scene.opened();
  scene.site.shop().must("cp site/registry.sqlite kept.sqlite");
  scene.edit(
      "UPDATE decision SET content = replace(content, '\"at_most\":2', '\"at_most\":9') WHERE "
      "kind = 'campaign'");
  scene.refused(scene.make(), "campaign-edited");
  scene.site.shop().must("cp kept.sqlite site/registry.sqlite");
  const Words close{"close", scene.id, "--reason", "an approver left"};
  (void)scene.site.scene.must("campaign", close + kOlga);
  scene.refused(scene.make(), "campaign-closed");
  scene.refused(scene.site.scene.run("campaign", close + kOlga), "campaign-closed-already", 1);
  scene.id = std::string(32, '0');
  scene.refused(scene.make(), "campaign-unknown", 2);
}

TEST_CASE("A campaign that was closed is not open again where log and registry are put back") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan();
  scene.opened();
  scene.site.shop().must("mkdir kept; cp site/registry.sqlite site/transcript/log.jsonl kept");
  (void)scene.site.scene.must("campaign",
                              Words{"close", scene.id, "--reason", "an approver left"} + kOlga);
  scene.site.shop().must("cp kept/registry.sqlite site; cp kept/log.jsonl site/transcript");
  scene.refused(scene.site.scene.run("campaign", Words{"list"} + kOlga), "decision-log-changed");
  CHECK(scene.make().exit_code == 6);
}

TEST_CASE("A policy that wants more people today than approved the campaign is not met by it") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan();
  scene.opened();
  scene.site.shop().must("sed -i '/needed.generate-kek/,+1 s/= 1/= 2/' site/site.toml");
  scene.refused(scene.make(), "campaign-too-few");
}

TEST_CASE("A plan is read whole or refused") {
  Campaign scene;
  if (!scene.site.ready()) return;
  const auto wrong = [&](const std::string& change, const std::string& code) {
    CAPTURE(change);
    scene.plan();
    scene.site.shop().must("sed -i '" + change + "' campaign.toml");
    scene.refused(scene.open(), code, 3);
  };
  wrong("s/keyrite-campaign/keyrite-plan/", "campaign-format");
  wrong("s/version = 1/version = 2/", "campaign-version");
  wrong("s/^at_most.*/&\\nmore = 1/", "campaign-unknown-field");
  wrong("s/generate-kek/trust-wrapping-key/", "campaign-invalid");
  wrong("s/at_most = 2/at_most = 0/", "campaign-invalid");
  wrong("s/\"compared\"/\"attested\"/", "campaign-invalid");
  scene.plan("payments", "2", "", R"("generate-kek")", "-2 hours", "-1 hour");
  scene.refused(scene.open(), "campaign-window", 3);
  scene.plan("payments", "2", "[[key]]\ntenant = \"Acme\"\nkey = \"payments\"");
  scene.refused(scene.open(), "campaign-invalid", 3);
  scene.refused(scene.open({"--campaign", std::string(32, '0'), "--approval",
                            scene.site.path("campaign.toml")}),
                "campaign-with-approval", 2);
}

TEST_CASE("A log that was changed to hide a use of a campaign allows nothing") {
  Campaign scene;
  if (!scene.site.ready()) return;
  scene.plan("payments", "1", "", kMakeAndActivate);
  scene.opened();
  REQUIRE(scene.make().exit_code == 0);
  // Another id of the same length: the file is as long as before, and its frontier is believed.
  scene.site.look(R"py(
path = "site/transcript/log.jsonl"
lines = open(path).read().split("\n")
at, = [i for i, line in enumerate(lines) if '"campaign":{' in line and '"event":"intent"' in line]
lines[at] = lines[at].replace('"id":"' + sys.argv[1] + '"', '"id":"' + "f" * 32 + '"')
open(path, "w").write("\n".join(lines))
)py",
                  scene.id);
  const auto run = scene.activate();
  CHECK(run.exit_code == 6);
  const auto code = parse_json(as_bytes(run.out), "output")["error"]["code"].get<std::string>();
  CHECK(code == "log-changed");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
