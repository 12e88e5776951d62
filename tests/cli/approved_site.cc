#include "cli/approved_site.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "crypto/digest.h"

namespace keyrite::test {

ApprovedSite::ApprovedSite() {
  write_roster();
  write_statement();
  const std::string evidence = "{\"batch\":[1,2,3]}\n";
  evidence_ = crypto::sha256_hex(as_bytes(evidence));
  scene_.put("transcript/evidence/" + evidence_, evidence);
  scene_.put("transcript/evidence/" + std::string(64, '0'), "what a crash left");
  const Json approval{{"statement_sha256", statement_sha256_}};
  const char* run = "99998888777766665555444433332222";
  for (const char* event : {"approval-requested", "intent", "result"}) {
    Json entry{{"act", "wrap-for-import"}, {"event", event}, {"run", run}, {"approval", approval}};
    entry["time"] = "2026-03-01T12:00:0" + std::to_string(scene_.scene().lines().size() % 10) + "Z";
    if (event == std::string("result")) entry["evidence"] = evidence_;
    scene_.add(entry);
  }
  scene_.write(12);
}

void ApprovedSite::write_roster() {
  const auto person = [&](const std::string& name, const std::string& more) {
    return "[[approver]]\nidentity = \"" + name +
           "@example.org\"\nroles = [\"officer\"]\nkeys = [\"" + signers_.key(name) + "\"]\n" +
           more;
  };
  // As it was then: both are over by now, one of them since the very next second.
  const std::string roster =
      person("alice",
             "valid_from = \"2026-01-01T00:00:00Z\"\nvalid_until = \"2026-03-01T12:00:11Z\"\n") +
      person("bob", "valid_until = \"2026-04-01T00:00:00Z\"\n") + person("carol", "") +
      "[[approver]]\nidentity = \"dora@example.org\"\nroles = [\"officer\"]\ncertificates = "
      "['''\n" +
      office_.issue("dora") + "''']\n[[ca]]\ncertificate = '''\n" + office_.pem("ca") + "'''\n";
  scene_.put("roster.toml", roster);
  roster_sha256_ = crypto::sha256_hex(as_bytes(roster));
}

void ApprovedSite::write_statement() {
  auto statement = sample_statement();
  statement.roster_sha256 = roster_sha256_;
  statement.threshold = {{"officer", 2}};
  const Bytes bytes = to_bytes(statement);
  statement_sha256_ = approval::statement_sha256(bytes);
  scene_.put(approval_file("statement.json"), as_text(bytes));
  for (const std::string name : {"alice", "bob"})
    scene_.put(approval_file(name + "@example.org.sshsig"), signers_.sign(name, bytes));
  scene_.put(approval_file("dora@example.org.p7s"), as_text(office_.sign("dora", bytes)));
  (void)signers_.key("mallory");
  scene_.put(approval_file("mallory.sshsig"), signers_.sign("mallory", bytes));
}

ProgramRun ApprovedSite::export_it() const {
  return scene_.run({"export", "SITE", "--out", scene_.path("out"), "--json"});
}

std::string ApprovedSite::refusal() const {
  const auto run = export_it();
  CHECK(run.exit_code == 6);
  CHECK_FALSE(std::filesystem::exists(scene_.path("out")));
  return Json::parse(run.out).at("error").at("code");
}

Output ApprovedSite::verify_commands(const std::string& words) const {
  return shop().run("python3 " KEYRITE_SOURCE_DIR "/tests/cli/verify_commands.py " + words);
}

}  // namespace keyrite::test
