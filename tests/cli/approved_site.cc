#include "cli/approved_site.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "approval/statement_names.h"
#include "base/canonical_json.h"
#include "crypto/digest.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {

namespace {

constexpr const char* kPolicy = "[approvals.needed.wrap-for-import]\nofficer = 2\n";

// Pseudonyms, and whose they are.
const std::string kKey = std::string(32, '7');
const std::string kFolder = std::string(32, '8');
constexpr const char* kRun = "99998888777766665555444433332222";

// 0.1.0 vouched for nothing. Nobody verifies a vouch where a checkpoint signs the entry.
transcript::Voucher vouched() {
  return [](std::string_view) { return "AA=="; };
}

}  // namespace

ApprovedSite::ApprovedSite() {
  entries_before_ = scene_.scene().lines().size();
  scene_.put("site.toml", kPolicy);
  site_sha256_ = crypto::sha256_hex(as_bytes(std::string_view(kPolicy)));
  write_roster();
  write_statement();
  const std::string evidence = "{\"batch\":[1,2,3]}\n";
  evidence_ = crypto::sha256_hex(as_bytes(evidence));
  scene_.put("transcript/evidence/" + evidence_, evidence);
  scene_.put("transcript/evidence/" + std::string(64, '0'), "what a crash left");
  add_entries();
}

void ApprovedSite::add_entries() {
  const auto by = [&](const std::string& identity, const std::string& ending) {
    const std::string file = scene_.get(approval_file(identity + "@example.org" + ending));
    return Json{{"identity", identity + "@example.org"},
                {"roles", {"officer"}},
                {"file_sha256", crypto::sha256_hex(as_bytes(file))}};
  };
  Json approval{
      {"statement_sha256", statement_sha256_},
      {"roster_sha256", roster_sha256_},
      {"by", Json::array({by("alice", ".sshsig"), by("bob", ".sshsig"), by("dora", ".p7s")})}};
  if (statement_.version > 1) approval["not_after"] = format_rfc3339(asked_.not_after);
  for (const char* event : {"approval-requested", "intent", "result"}) {
    Json entry{{"act", "wrap-for-import"}, {"event", event}, {"run", kRun}, {"approval", approval}};
    if (event == std::string("intent")) {
      for (const auto& [name, value] : request_.items()) entry[name] = value;
      entry["keys"] = Json::array({Json{{"key", kKey}}});
      entry["operator"] = asked_.operator_name;
      entry["token"] = {{"serial", asked_.token_serial}, {"model", asked_.token_model}};
      entry["module"] = {{"sha256", std::string(64, 'b')}};
      entry["tool"] = {{"version", "0.1.0"}};
    }
    entry["site_sha256"] = site_sha256_;
    entry["time"] = "2026-03-04T12:00:0" + std::to_string(scene_.scene().lines().size() % 10) + "Z";
    if (event == std::string("result")) entry["evidence"] = evidence_;
    scene_.add(entry, statement_.version == 1 ? transcript::Voucher() : vouched());
  }
  scene_.write(scene_.scene().lines().size());
}

void ApprovedSite::approve_instead(const std::function<void(approval::Statement&)>& change) {
  scene_.scene().lines().resize(entries_before_);
  change(statement_);
  sign_statement();
  add_entries();
}

void ApprovedSite::approve_until(TimePoint end) {
  asked_.not_after = end;
  approve_instead([&](approval::Statement& statement) { statement.not_after = end; });
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
             "valid_from = \"2026-01-01T00:00:00Z\"\nvalid_until = \"2026-03-04T12:00:11Z\"\n") +
      person("bob", "valid_until = \"2026-04-01T00:00:00Z\"\n") + person("carol", "") +
      "[[approver]]\nidentity = \"dora@example.org\"\nroles = [\"officer\"]\ncertificates = "
      "['''\n" +
      office_.issue("dora") + "''']\n[[ca]]\ncertificate = '''\n" + office_.pem("ca") + "'''\n";
  scene_.put("roster.toml", roster);
  roster_sha256_ = crypto::sha256_hex(as_bytes(roster));
}

void ApprovedSite::write_statement() {
  request_ = {{"act", "wrap-for-import"},
              {"also", Json::array()},
              {"inputs", {{"region", "eu-west-1"}}},
              {"outputs", Json::array({kFolder})},
              {"request", {{"label", kKey}, {"out", kFolder}}}};
  statement_ = sample_statement();
  statement_.operation = "wrap-for-import";
  statement_.tenant_ref = "";
  statement_.kek_ref = kKey;
  statement_.kek_version = 0;
  statement_.log_origin = kOrigin;
  const auto seen = head_of(scene_.scene().lines(), entries_before_);
  statement_.log_size = seen.size;
  statement_.log_root = to_hex(seen.root);
  statement_.roster_sha256 = roster_sha256_;
  statement_.threshold = {{"officer", 2}};
  statement_.request_sha256 = crypto::sha256_hex(as_bytes(canonical_json(request_)));
  statement_.names_sha256 = crypto::sha256_hex(as_bytes(names()));
  // After all that the log has before it: approvals are judged by the latest time in it.
  statement_.not_before = parse_rfc3339("2026-03-04T10:00:00Z", "not_before");
  statement_.not_after = parse_rfc3339("2026-03-04T18:00:00Z", "not_after");
  asked_ = statement_;
  (void)signers_.key("mallory");
  sign_statement();
}

std::string ApprovedSite::names() {
  return approval::names_text({{kKey, "acme-payments"}, {kFolder, "/ceremony/acme.aws"}},
                              std::string(32, 'a'));
}

std::string ApprovedSite::request_file() const {
  if (statement_.version > 1) return canonical_json(request_);
  return canonical_json({{"act", "wrap-for-import"},
                         {"inputs", {{"region", "eu-west-1"}}},
                         {"request", {{"label", "acme-payments"}, {"out", "acme.aws"}}}});
}

void ApprovedSite::confirm_clock() {
  scene_.scene().lines().resize(entries_before_);
  scene_.add({{"act", "resume"},
              {"event", "clock-confirmed"},
              {"run", kRun},
              {"latest", "2026-03-04T12:00:00Z"},
              {"time", "2026-03-04T11:59:00Z"}},
             vouched());
  entries_before_ = scene_.scene().lines().size();
}

void ApprovedSite::approve_also_by_version_1() {
  entries_before_ = scene_.scene().lines().size();
  approve_by_version_1();
}

void ApprovedSite::approve_by_version_1() {
  approve_instead([this](approval::Statement& statement) {
    statement.version = 1;
    statement.kek_label = "acme-payments";
    statement.tenant_ref = kKey;
    statement.request_sha256 = crypto::sha256_hex(as_bytes(request_file()));
  });
}

void ApprovedSite::sign_statement() {
  const Bytes bytes = to_bytes(statement_);
  statement_sha256_ = approval::statement_sha256(bytes);
  scene_.put(approval_file("statement.json"), as_text(bytes));
  scene_.put(approval_file("request.json"), request_file());
  if (statement_.version > 1) scene_.put(approval_file("names.json"), names());
  for (const std::string name : {"alice", "bob"})
    scene_.put(approval_file(name + "@example.org.sshsig"), signers_.sign(name, bytes));
  scene_.put(approval_file("dora@example.org.p7s"), as_text(office_.sign("dora", bytes)));
  scene_.put(approval_file("mallory.sshsig"), signers_.sign("mallory", bytes));
}

ProgramRun ApprovedSite::export_it(const std::string& names) const {
  return scene_.run({"export", "SITE", "--out", scene_.path("out"), "--names", names, "--json"});
}

std::string ApprovedSite::refusal() const {
  const auto run = export_it();
  CHECK(run.exit_code == 6);
  CHECK_FALSE(std::filesystem::exists(scene_.path("out")));
  return Json::parse(run.out).at("error").at("code");
}

std::string ApprovedSite::verify_refusal() const {
  const Json document = Json::parse(scene_.run({"verify", "SITE", "--json"}).out);
  if (!document.contains("error")) return "no error";
  return document.at("error").at("code");
}

Output ApprovedSite::verify_commands(const std::string& words) const {
  return shop().run("python3 " KEYRITE_SOURCE_DIR "/tests/cli/verify_commands.py " + words);
}

}  // namespace keyrite::test
