#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

#include "cli/approved_site.h"
#include "crypto/digest.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_done(const Output& output) {
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
}

bool exists(const ApprovedSite& site, const std::string& name) {
  return std::filesystem::exists(site.shop().folder() / "out" / name);
}

TEST_CASE(
    "Every command of VERIFY.txt succeeds in the exported folder, and after a change one fails") {
  const ApprovedSite site;
  const auto run = site.export_it();
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const Json result = Json::parse(run.out).at("result");
  CHECK(result.at("proofs") == 12);
  CHECK(result.at("evidence") == 1);
  CHECK(result.at("approvals") == 1);
  CHECK(result.at("withheld") == 0);
  CHECK(result.at("passed_over") == Json::array());
  CHECK(as_text(site.shop().must("sha256sum < out/SHA256SUMS")).substr(0, 64) ==
        result.at("sums_sha256").get<std::string>());
  check_done(site.verify_commands("all out"));
  check_done(site.verify_commands("damaged out"));
  check_done(site.verify_commands("all out"));
}

TEST_CASE("Without SHA256SUMS the hashes and signatures find each change by themselves") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  const std::string folder = site.approval_file("");
  check_done(site.verify_commands(
      "bound out log.jsonl checkpoint vkeys proofs/entry-0.tlog-proof proofs/entry-11.tlog-proof "
      "entries.csv policies/" +
      site.site_sha256() + ".toml " + folder + "statement.json " + folder + "request.json " +
      folder + "alice@example.org.sshsig " + folder + "bob@example.org.sshsig " + folder +
      "dora@example.org.p7s rosters/" + site.roster_sha256() + ".toml evidence/" +
      site.evidence()));
}

TEST_CASE(
    "What nobody acted under, what a crash left, and strangers' signatures are not exported") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  CHECK(exists(site, "evidence/" + site.evidence()));
  CHECK_FALSE(exists(site, "evidence/" + std::string(64, '0')));
  CHECK_FALSE(exists(site, site.approval_file("mallory.sshsig")));
  CHECK(site.export_it().exit_code == 2);  // "out" is there
}

TEST_CASE("A log of two keys is verified by both, and of ECDSA alone too") {
  ApprovedSite site;
  LogScene& log = site.scene().scene();
  const std::string text =
      transcript::Checkpoint{.origin = kOrigin, .head = head_of(log.lines(), 12)}.text();
  const std::string ecdsa = log.signed_by(log.p256(), text);
  site.scene().put("vkeys", log.p256().text() + "\n" + log.ed25519().text() + "\n");
  SUBCASE("both") {
    const std::string line = ecdsa.substr(ecdsa.find("\n\n") + 2);
    site.scene().put("transcript/checkpoint", log.checkpoint(12) + line);
  }
  SUBCASE("one") { site.scene().put("transcript/checkpoint", ecdsa); }
  REQUIRE(site.export_it().exit_code == 0);
  check_done(site.verify_commands("all out"));
  check_done(site.verify_commands("bound out checkpoint vkeys log.jsonl"));
}

TEST_CASE("A log of a thousand entries has proofs of its results alone") {
  SiteScene scene;
  while (scene.scene().lines().size() < 1001) scene.add({{"act", "note"}, {"event", "filler"}});
  scene.write(1001);
  const Json result = scene.result({"export", "SITE", "--out", scene.path("out")});
  CHECK(result.at("proofs") == 3);
  scene.shop().must("cd out && python3 -I verify-root.py log.jsonl checkpoint --proof proofs/*");
  scene.shop().must("cd out && python3 -I verify-root.py log.jsonl checkpoint --complete");
}

TEST_CASE("Nothing is exported of a transcript that does not verify") {
  ApprovedSite site;
  std::string log = site.scene().get("transcript/log.jsonl");
  log.replace(log.find("a1b2c3"), 6, "a1b2c4");
  site.scene().put("transcript/log.jsonl", log);
  CHECK(site.refusal() == "log-changed");
}

TEST_CASE("Nothing is exported whose approvals or evidence are not what the log says") {
  ApprovedSite site;
  const auto put = [&](const std::string& name, const std::string& content) {
    site.scene().put(name, content);
  };
  std::string code;
  SUBCASE("no statement") {
    site.shop().must("rm site/" + site.approval_file("statement.json"));
    code = "approval-missing";
  }
  SUBCASE("another statement") {
    put(site.approval_file("statement.json"), "{}");
    code = "approval-missing";
  }
  SUBCASE("no request") {
    site.shop().must("rm site/" + site.approval_file("request.json"));
    code = "approval-missing";
  }
  SUBCASE("another request") {
    put(site.approval_file("request.json"), "{}");
    code = "request-other";
  }
  SUBCASE("one signature too few") {
    site.shop().must("rm site/" + site.approval_file("bob@example.org.sshsig"));
    code = "approval-missing";
  }
  SUBCASE("a signature of somebody else") {
    put(site.approval_file("bob@example.org.sshsig"),
        site.scene().get(site.approval_file("mallory.sshsig")));
    code = "approval-missing";
  }
  SUBCASE("another roster") {
    put("roster.toml", site.scene().get("roster.toml") + "\n");
    code = "approval-roster-missing";
  }
  SUBCASE("no evidence") {
    site.shop().must("rm site/transcript/evidence/" + site.evidence());
    code = "evidence-file-missing";
  }
  SUBCASE("other evidence") {
    put("transcript/evidence/" + site.evidence(), "other");
    code = "evidence-changed";
  }
  CHECK(site.refusal() == code);
}

struct Contradiction {
  const char* what;
  const char* code;
  void (*change)(approval::Statement& statement);
};

const std::string kOtherHash = std::string(64, 'f');

const std::vector<Contradiction> kContradictions{
    {"nothing", "no error", [](auto&) {}},
    {"request", "request-other", [](auto& s) { s.request_sha256 = kOtherHash; }},
    {"names", "names-other", [](auto& s) { s.names_sha256 = kOtherHash; }},
    {"operation", "statement-other-request", [](auto& s) { s.operation = "shred"; }},
    {"key", "statement-other-key", [](auto& s) { s.kek_ref = std::string(32, '9'); }},
    {"version of it", "statement-other-key", [](auto& s) { s.kek_version = 3; }},
    {"operator", "statement-other-operator", [](auto& s) { s.operator_name = "eve"; }},
    {"tool", "statement-other-tool", [](auto& s) { s.tool_version = "9.9.9"; }},
    {"module", "statement-other-module", [](auto& s) { s.module_sha256 = kOtherHash; }},
    {"token", "statement-other-token", [](auto& s) { s.token_serial = "9"; }},
    {"script", "statement-other-script", [](auto& s) { s.script_sha256 = kOtherHash; }},
    {"end of validity", "statement-other-end",
     [](auto& s) { s.not_after -= std::chrono::hours(1); }},
    {"log", "statement-other-log", [](auto& s) { s.log_root = kOtherHash; }},
    {"log with the intent", "statement-other-log", [](auto& s) { s.log_size = 11; }},
};

TEST_CASE("An intent that is not what its approved statement says is found, and the field named") {
  for (const auto& contradiction : kContradictions) {
    CAPTURE(contradiction.what);
    ApprovedSite site;
    site.approve_instead(contradiction.change);
    CHECK(site.verify_refusal() == contradiction.code);
    if (contradiction.code != std::string("no error")) CHECK(site.refusal() == contradiction.code);
  }
  ApprovedSite late;
  late.approve_instead([](approval::Statement& statement) {
    statement.not_after = parse_rfc3339("2026-03-04T11:00:00Z", "t");
  });
  CHECK(late.verify_refusal() == "statement-expired");
  CHECK(late.refusal() == "approval-not-enough");
}

TEST_CASE("A statement of version 1 is verified and exported as far as it can be compared") {
  ApprovedSite site;
  site.approve_by_version_1();
  CHECK(site.verify_refusal() == "no error");
  REQUIRE(site.export_it().exit_code == 0);
  site.shop().must("rm -r out");
  SUBCASE("another token") {
    site.approve_instead([](approval::Statement& statement) { statement.token_serial = "9"; });
    CHECK(site.verify_refusal() == "statement-other-token");
  }
  SUBCASE("another label than its request's") {
    site.approve_instead([](approval::Statement& statement) { statement.kek_label = "test-key"; });
    CHECK(site.verify_refusal() == "statement-other-key");
  }
}

TEST_CASE("One statement that two runs used is found, by the log alone too") {
  ApprovedSite site;
  const auto intent = [&](const std::string& run) {
    Json entry = Json::parse(site.scene().scene().lines().at(10));
    entry["run"] = run;
    for (const char* own : {"seq", "prev", "vouch"}) entry.erase(own);
    return entry;
  };
  // A later act of the same run names it, too.
  site.scene().add(intent("99998888777766665555444433332222"));
  site.scene().write(13);
  CHECK(site.verify_refusal() == "no error");
  site.scene().add(intent(std::string(32, '1')));
  site.scene().write(14);
  CHECK(site.verify_refusal() == "statement-used-twice");
  CHECK(site.refusal() == "statement-used-twice");
  site.shop().must("mkdir alone && cp site/transcript/log.jsonl site/transcript/checkpoint alone");
  const auto alone = site.scene().run(
      {"verify", site.scene().path("alone"), "--vkey", site.scene().path("site/vkeys"), "--json"});
  CHECK(alone.exit_code == 6);
  CHECK(Json::parse(alone.out).at("error").at("code") == "statement-used-twice");
}

TEST_CASE(
    "An export is compared with its statements where it is verified, and a lost one is missed") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  const auto verify = [&] {
    return site.run({"verify", site.shop().folder() / "out", "--vkey",
                     site.shop().folder() / "out/vkeys", "--json"});
  };
  CHECK(Json::parse(verify().out).at("result").at("statements_compared") == 1);
  site.shop().must("rm -r out/" + site.approval_file(""));
  CHECK(Json::parse(verify().out).at("error").at("code") == "approval-missing");
}

TEST_CASE("An export without names verifies, and says which approvals are not in it") {
  ApprovedSite site;
  site.approve_also_by_version_1();
  REQUIRE(site.export_it("no").exit_code == 0);
  const auto verify = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"verify", site.shop().folder() / "out", "--vkey",
                                   site.shop().folder() / "out/vkeys"};
    words.insert(words.end(), more.begin(), more.end());
    return site.run(words);
  };
  const auto refusal = [&] { return Json::parse(verify({"--json"}).out).at("error").at("code"); };
  const Json result = Json::parse(verify({"--json"}).out).at("result");
  CHECK(result.at("statements_compared") == 1);
  CHECK(result.at("statements_not_here") == Json::array({site.statement_sha256()}));
  CHECK(verify({}).err.find("NOT in this folder") != std::string::npos);
  // That of version 2 has no name in it, and must be there all the same.
  site.shop().must("mkdir other && mv out/approvals/* other");
  CHECK(refusal() == "approval-missing");
  // A copy of the log alone has none of them, and says so.
  site.shop().must("rmdir out/approvals");
  CHECK(Json::parse(verify({"--json"}).out).at("result").at("statements_not_here").size() == 2);
  // With names nothing is left out, so nothing may be missing.
  site.shop().must("rm -r out");
  REQUIRE(site.export_it("yes").exit_code == 0);
  CHECK(Json::parse(verify({"--json"}).out).at("result").at("statements_compared") == 2);
  site.shop().must("rm -r out/" + site.approval_file(""));
  CHECK(refusal() == "approval-missing");
}

TEST_CASE("An approved act is judged by the later of its time and the log's, as the gate did") {
  ApprovedSite site;
  // The scene's intent says 12:00:00, and the entry before it 12:00:09.
  const auto ends = [&](const char* time) {
    site.approve_until(parse_rfc3339(time, "not_after"));
    return site.verify_refusal();
  };
  CHECK(ends("2026-03-04T12:00:10Z") == "no error");
  CHECK(ends("2026-03-04T12:00:05Z") == "statement-expired");
}

TEST_CASE("A statement asked for before the clock was confirmed anew is of no use after it") {
  const auto refusal = [](std::uint64_t seen) {
    ApprovedSite site;
    site.confirm_clock();
    site.approve_instead([&](approval::Statement& s) {
      const auto head = head_of(site.scene().scene().lines(), seen);
      s.log_size = head.size;
      s.log_root = to_hex(head.root);
    });
    return site.verify_refusal();
  };
  CHECK(refusal(9) == "statement-before-clock");
  CHECK(refusal(10) == "no error");
}

TEST_CASE("An approval under an earlier roster is verified by that, from among the evidence") {
  ApprovedSite site;
  const std::string roster = site.scene().get("roster.toml");
  site.scene().put("transcript/evidence/" + site.roster_sha256(), roster);
  site.scene().put("roster.toml", roster + "\n");
  REQUIRE(site.export_it().exit_code == 0);
  check_done(site.verify_commands("all out"));
}

TEST_CASE("A statement for which the log names nobody's approval was not approved by enough") {
  ApprovedSite site;
  std::string statement = site.scene().get(site.approval_file("statement.json"));
  const auto at = statement.find("\"ceremony_id\":\"") + 15;
  statement[at] = statement[at] == '0' ? '1' : '0';
  const std::string sha256 = crypto::sha256_hex(as_bytes(statement));
  const std::string folder = "approvals/" + sha256 + "/";
  site.scene().put(folder + "statement.json", statement);
  site.scene().put(folder + "request.json", site.scene().get(site.approval_file("request.json")));
  site.scene().add(
      {{"act", "shred"},
       {"event", "intent"},
       {"run", "aa"},
       {"time", "2026-03-04T12:00:09Z"},
       {"approval", {{"statement_sha256", sha256}, {"roster_sha256", site.roster_sha256()}}}});
  site.scene().write(13);
  CHECK(site.refusal() == "approval-not-enough");
}

TEST_CASE("Without names nothing that is exported has one, and with them names.json has") {
  const ApprovedSite site;
  const std::string folder = "out/" + site.approval_file("");
  site.shop().must("grep -rq acme-payments site/" + site.approval_file("names.json"));
  REQUIRE(site.export_it("no").exit_code == 0);
  site.shop().must("! grep -rqE 'acme-payments|/ceremony/acme' out");
  CHECK_FALSE(exists(site, site.approval_file("names.json")));
  check_done(site.verify_commands("all out"));
  site.shop().must("mv out without");
  REQUIRE(site.export_it("yes").exit_code == 0);
  check_done(site.verify_commands("all out"));
  // names.json is all that is more, and what was signed has its SHA-256.
  site.shop().must("diff -rq without out | grep -v SHA256SUMS > more; grep -q names.json more");
  site.shop().must("test $(wc -l < more) -eq 1");
  site.shop().must("grep -q $(sha256sum < " + folder + "names.json | cut -c 1-64) " + folder +
                   "statement.json");
}

TEST_CASE("A statement of version 1 has a name: without names it stays behind, and that is said") {
  ApprovedSite site;
  site.approve_by_version_1();
  CHECK(site.verify_refusal() == "no error");
  const auto run = site.export_it("no");
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(Json::parse(run.out).at("result").at("withheld") == 1);
  CHECK(run.err.find("--names yes") != std::string::npos);
  CHECK_FALSE(exists(site, "approvals"));
  CHECK(exists(site, "rosters/" + site.roster_sha256() + ".toml"));
  // The label stands in the statement and in the request, and nowhere else.
  site.shop().must("grep -q acme-payments site/" + site.approval_file("request.json"));
  site.shop().must("! grep -rq acme-payments out");
  site.shop().must("tr '\\n' ' ' < out/VERIFY.txt | grep -q 'They are NOT here'");
  check_done(site.verify_commands("all out"));
  // That it is left out must be said by whoever runs the program.
  const Output output =
      site.shop().run("cd out && python3 -I verify-root.py log.jsonl checkpoint --complete 2>&1");
  CHECK(output.exit_code == 1);
  CHECK(as_text(output.out).find("statement.json is missing") != std::string::npos);
  site.shop().must("rm -r out");
  REQUIRE(site.export_it("yes").exit_code == 0);
  site.shop().must("grep -rq acme-payments out/" + site.approval_file("statement.json"));
  check_done(site.verify_commands("all out"));
}

TEST_CASE("entries.csv has a row for each signed entry, and no field that a spreadsheet computes") {
  ApprovedSite site;
  site.scene().add({{"act", "note"}, {"event", "odd"}, {"operator", "@a \"b\",\nc"}});
  site.scene().add({{"act", "note"}, {"event", "odd"}, {"operator", "=HYPERLINK(\"x\")"}});
  site.scene().write(14);
  REQUIRE(site.export_it().exit_code == 0);
  site.shop().put("read.py", as_bytes(R"py(
import csv, json
with open("out/entries.csv", encoding="utf-8", newline="") as file:
    text = file.read()
assert text.endswith("\r\n")
rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
entries = [json.loads(line) for line in open("out/log.jsonl", encoding="utf-8")]
assert [row["entry"] for row in rows] == [str(n) for n in range(14)]
for row, entry in zip(rows, entries):
    for name, value in row.items():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), (name, value)
    assert (row["act"], row["event"]) == (entry["act"], entry["event"])
    assert row["time"] == entry.get("time", "")
approved = rows[10]
assert approved["approvers"] == "alice@example.org; bob@example.org; dora@example.org", approved
assert approved["policy"] and approved["approval"], approved
assert rows[13]["operator"] == "'=HYPERLINK(\"x\")", rows[13]
assert rows[2]["key"] == "key 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a id a1b2c3", rows[2]
assert rows[7]["outcome"] == "NO RESULT", rows[7]
assert rows[12]["operator"] == "'@a \"b\",\nc", rows[12]
)py"));
  site.shop().must("python3 read.py");
  check_done(site.verify_commands("all out"));
}

TEST_CASE("The policy of each time is exported, and one that version 0.1.0 did not keep is named") {
  ApprovedSite site;
  const auto& shop = site.shop();
  REQUIRE(site.export_it().exit_code == 0);
  shop.must("cmp out/policies/" + site.site_sha256() + ".toml site/site.toml");
  shop.must("grep -q '^wrap-for-import: 2 officer$' out/VERIFY.txt");
  shop.must("rm -r out && cp site/site.toml old && echo '# later' >> site/site.toml");
  SUBCASE("it was not kept") {
    REQUIRE(site.export_it().exit_code == 0);
    CHECK_FALSE(exists(site, "policies"));
    shop.must("grep -q 'It is NOT here' out/VERIFY.txt");
  }
  SUBCASE("it stands among the evidence") {
    shop.must("cp old site/transcript/evidence/" + site.site_sha256());
    REQUIRE(site.export_it().exit_code == 0);
    shop.must("cmp out/policies/" + site.site_sha256() + ".toml old");
  }
  check_done(site.verify_commands("all out"));
}

TEST_CASE("An entry that says that the policy was kept is not exported without it") {
  ApprovedSite site;
  const std::string policy(64, '9');
  site.scene().add(
      {{"act", "note"}, {"event", "intent"}, {"site_sha256", policy}, {"evidence", {policy}}});
  site.scene().write(13);
  CHECK(site.refusal() == "evidence-file-missing");
}

TEST_CASE("A signed line that is no entry stops no export") {
  ApprovedSite site;
  site.scene().scene().lines().emplace_back("x");
  site.scene().add({{"act", "note"}, {"event", "afterwards"}});
  site.scene().write(14);
  REQUIRE(site.export_it().exit_code == 0);
  check_done(site.verify_commands("all out"));
  site.shop().must("grep -q 'NOT AN ENTRY' out/entries.csv");
  site.shop().must(
      "cd out && python3 -I verify-root.py log.jsonl checkpoint | grep '1 lines are signed that'");
}

TEST_CASE("README and the guide for auditors say the SHA-256 of the two programs") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  for (const std::string name : {"verify-root.py", "verify-signature.sh"}) {
    const std::string sha256 = as_text(site.shop().must("sha256sum < out/" + name)).substr(0, 64);
    CAPTURE(name);
    CAPTURE(sha256);
    for (const std::string page : {"README.md", "docs/guide/auditor.md"})
      site.shop().must("grep " + sha256 + " " KEYRITE_SOURCE_DIR "/" + page + " | grep -q " + name);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
