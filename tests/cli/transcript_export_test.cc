#include <doctest/doctest.h>

#include <filesystem>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace {

void check_done(const Output& output) {
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
}

bool exists(const ApprovedSite& site, const std::string& name) {
  return std::filesystem::exists(site.shop().folder() / "out" / name);
}

}  // namespace

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
  CHECK(as_text(site.shop().must("sha256sum < out/SHA256SUMS")).substr(0, 64) ==
        result.at("sums_sha256"));
  check_done(site.verify_commands("all out"));
  check_done(site.verify_commands("damaged out"));
  check_done(site.verify_commands("all out"));
}

TEST_CASE("Without SHA256SUMS the hashes and signatures find each change by themselves") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  const std::string folder = site.approval_file("");
  check_done(site.verify_commands(
      "bound out log.jsonl checkpoint vkeys proofs/entry-0.tlog-proof proofs/entry-11.tlog-proof " +
      folder + "statement.json " + folder + "alice@example.org.sshsig " + folder +
      "bob@example.org.sshsig " + folder + "dora@example.org.p7s rosters/" + site.roster_sha256() +
      ".toml evidence/" + site.evidence()));
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
  scene.shop().must("cd out && python3 verify-root.py log.jsonl checkpoint --proof proofs/*");
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
  SUBCASE("one signature too few") {
    site.shop().must("rm site/" + site.approval_file("bob@example.org.sshsig"));
    site.shop().must("rm site/" + site.approval_file("dora@example.org.p7s"));
    code = "approval-not-enough";
  }
  SUBCASE("a signature of another statement") {
    site.shop().must("rm site/" + site.approval_file("dora@example.org.p7s"));
    put(site.approval_file("bob@example.org.sshsig"),
        site.scene().get(site.approval_file("mallory.sshsig")));
    code = "approval-not-enough";
  }
  SUBCASE("another roster") {
    put("roster.toml", site.scene().get("roster.toml") + "\n");
    code = "approval-roster-missing";
  }
  SUBCASE("other evidence") {
    put("transcript/evidence/" + site.evidence(), "other");
    code = "evidence-changed";
  }
  CHECK(site.refusal() == code);
}

TEST_CASE("An approval under an earlier roster is verified by that, from among the evidence") {
  ApprovedSite site;
  const std::string roster = site.scene().get("roster.toml");
  site.scene().put("transcript/evidence/" + site.roster_sha256(), roster);
  site.scene().put("roster.toml", roster + "\n");
  REQUIRE(site.export_it().exit_code == 0);
  check_done(site.verify_commands("all out"));
}

}  // namespace keyrite::test
