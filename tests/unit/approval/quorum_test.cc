#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "approval/quorum.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::FileStatus;

// Alice and Bob are officers (Alice with two keys), Carol an officer and auditor, Dora an auditor
// whose time is over, Emil an officer whose time has not begun, Frida has the role of an operator.
// Machines know Bob as bob-at-the-desk. Mallory has a key that is in no roster.
class Room {
 public:
  Room() {
    std::string text;
    add(text, "alice", {"alice", "alice2"}, "security-officer");
    add(text, "bob", {"bob"}, "security-officer");
    add(text, "carol", {"carol"}, "security-officer\", \"auditor");
    add(text, "dora", {"dora"}, "auditor", "valid_until = \"2026-03-01T12:00:00Z\"");
    add(text, "emil", {"emil"}, "security-officer", "valid_from = \"2026-03-01T12:00:01Z\"");
    add(text, "frida", {"frida"}, "operator");
    text += "[[operator]]\nidentity = \"Bob\"\nusers = [\"bob-at-the-desk\"]\n";
    static_cast<void>(signers_.key("mallory"));
    roster_ = approval::parse_roster(as_bytes(text), "roster.toml");
    statement_.roster_sha256 = roster_.sha256;
    policy_.needed = statement_.threshold;
    policy_.initiators = {"olga"};
    policy_.longest = std::chrono::hours(8);
  }

  [[nodiscard]] approval::ApprovalFile file(
      const std::string& key, const std::string& name_space = "keyrite-approval@keyrite") const {
    return {.name = key + ".sshsig",
            .content = signers_.sign(key, approval::to_bytes(statement_), name_space)};
  }
  [[nodiscard]] approval::Quorum judge(const std::vector<approval::ApprovalFile>& files,
                                       const char* now = "2026-03-01T12:00:00Z") const {
    return approval::judge_quorum(roster_, policy_, approval::to_bytes(statement_), files,
                                  parse_rfc3339(now, "now"));
  }
  [[nodiscard]] std::string refusal() const {
    return failure_of([&] { static_cast<void>(judge({})); }).code;
  }
  approval::Statement& statement() { return statement_; }
  approval::QuorumPolicy& policy() { return policy_; }

 private:
  void add(std::string& text, const std::string& identity, const std::vector<std::string>& keys,
           const std::string& roles, const std::string& more = "") const {
    std::vector<std::string> lines;
    for (const std::string& key : keys) lines.push_back("\"" + signers_.key(key) + "\"");
    text += fmt::format("[[approver]]\nidentity = \"{}\"\nroles = [\"{}\"]\nkeys = [{}]\n{}\n",
                        identity, roles, fmt::join(lines, ", "), more);
  }

  Signers signers_{};
  approval::Roster roster_{};
  approval::Statement statement_{sample_statement()};
  approval::QuorumPolicy policy_{};
};

std::vector<FileStatus> statuses(const approval::Quorum& quorum) {
  std::vector<FileStatus> all;
  for (const auto& file : quorum.files) {
    CHECK_FALSE(file.sentence.empty());
    all.push_back(file.status);
  }
  return all;
}

std::vector<std::string> objections(const approval::Quorum& quorum) {
  std::vector<std::string> codes;
  for (const Error& error : quorum.objections) codes.push_back(error.code());
  return codes;
}

TEST_CASE("Two different people of the role satisfy a threshold of two") {
  const Room room;
  const auto quorum = room.judge({room.file("alice"), room.file("bob")});
  CHECK(quorum.satisfied());
  CHECK(quorum.objections.empty());
  CHECK(statuses(quorum) == std::vector{FileStatus::kCounts, FileStatus::kCounts});
  REQUIRE(quorum.roles.size() == 1);
  CHECK(quorum.roles[0].identities == std::vector<std::string>{"alice", "bob"});
  CHECK(quorum.files[0].identity == "alice");
  CHECK(quorum.files[0].fingerprint.starts_with("SHA256:"));
  CHECK(quorum.files[0].sentence == "alice approves as security-officer");
  CHECK_FALSE(room.judge({}).satisfied());
  CHECK_FALSE(room.judge({room.file("alice")}).satisfied());
}

TEST_CASE("Two signatures of one person count once, be they by one key or by two") {
  const Room room;
  const auto twice = room.judge({room.file("alice"), room.file("alice")});
  CHECK_FALSE(twice.satisfied());
  CHECK(statuses(twice) == std::vector{FileStatus::kCounts, FileStatus::kRepeated});
  const auto two_keys = room.judge({room.file("alice2"), room.file("alice")});
  CHECK_FALSE(two_keys.satisfied());
  CHECK(statuses(two_keys) == std::vector{FileStatus::kCounts, FileStatus::kRepeated});
  CHECK(two_keys.roles[0].identities == std::vector<std::string>{"alice"});
}

TEST_CASE("A broken signature of a person does not take a good one away") {
  const Room room;
  const auto quorum =
      room.judge({room.file("alice", "git"), room.file("alice2"), room.file("bob")});
  CHECK(statuses(quorum) ==
        std::vector{FileStatus::kOtherNamespace, FileStatus::kCounts, FileStatus::kCounts});
  CHECK(quorum.satisfied());
}

TEST_CASE("Strangers are listed and ignored, what cannot be read is listed as broken") {
  const Room room;
  auto cut = room.file("bob");
  cut.content.resize(100);
  const auto quorum = room.judge(
      {room.file("mallory"), cut, {.name = "x\x1b[2J", .content = "hello"}, room.file("alice")});
  CHECK(statuses(quorum) == std::vector{FileStatus::kUnknownSigner, FileStatus::kMalformed,
                                        FileStatus::kMalformed, FileStatus::kCounts});
  CHECK_FALSE(quorum.satisfied());
  CHECK(quorum.files[0].identity.empty());
  CHECK(quorum.files[0].fingerprint.starts_with("SHA256:"));
  CHECK(quorum.files[2].sentence.find('\x1b') == std::string::npos);
  CHECK_FALSE(approval::is_broken(quorum.files[0].status));
  CHECK(approval::is_broken(quorum.files[1].status));
}

TEST_CASE("A known approver's signature over another statement or with SHA-1 is listed as broken") {
  Room room;
  const auto before = room.file("alice");
  room.statement().log_size += 1;
  SshsigFields weak = fields_of_armour(room.file("bob").content);
  weak.hash = "sha1";
  const auto quorum = room.judge({before, {.name = "bob.sshsig", .content = armour_of(weak)}});
  CHECK(statuses(quorum) == std::vector{FileStatus::kBadSignature, FileStatus::kWeakHash});
  CHECK(quorum.files[0].identity == "alice");
  CHECK(quorum.files[1].identity == "bob");
  CHECK(quorum.files[1].sentence.find("it claims to be by bob") != std::string::npos);
  CHECK(std::ranges::all_of(statuses(quorum), approval::is_broken));
  CHECK_FALSE(quorum.satisfied());
}

TEST_CASE("Who may not approve any more, not yet, or not in a needed role does not count") {
  Room room;
  room.policy().needed = room.statement().threshold = {{"security-officer", 1}, {"auditor", 1}};
  const std::vector files{room.file("dora"), room.file("emil"), room.file("frida")};
  const auto noon = room.judge(files);
  CHECK(statuses(noon) ==
        std::vector{FileStatus::kExpired, FileStatus::kNotYetValid, FileStatus::kNoNeededRole});
  CHECK_FALSE(noon.satisfied());
  CHECK(statuses(room.judge(files, "2026-03-01T11:59:59Z"))[0] == FileStatus::kCounts);
  CHECK(statuses(room.judge(files, "2026-03-01T12:00:01Z"))[1] == FileStatus::kCounts);
}

TEST_CASE("Each role has its own count, and a person of two roles counts in both") {
  Room room;
  room.policy().needed = room.statement().threshold = {{"security-officer", 2}, {"auditor", 1}};
  CHECK_FALSE(room.judge({room.file("alice"), room.file("bob")}).satisfied());
  const auto quorum = room.judge({room.file("alice"), room.file("carol")});
  CHECK(quorum.satisfied());
  REQUIRE(quorum.roles.size() == 2);
  CHECK(quorum.roles[0].role == "auditor");
  CHECK(quorum.roles[0].identities == std::vector<std::string>{"carol"});
  CHECK(quorum.roles[1].identities == std::vector<std::string>{"alice", "carol"});
}

TEST_CASE("The initiator counts only where the policy says so") {
  Room room;
  room.policy().initiators = {"Alice"};
  const std::vector files{room.file("alice"), room.file("bob")};
  CHECK(statuses(room.judge(files)) == std::vector{FileStatus::kInitiator, FileStatus::kCounts});
  CHECK_FALSE(room.judge(files).satisfied());
  room.policy().initiator_counts = true;
  CHECK(room.judge(files).satisfied());
}

TEST_CASE("Who asked for the act, as the statement says, does not count whoever runs it") {
  Room room;
  room.statement().operator_name = "bob-at-the-desk";
  const std::vector files{room.file("alice"), room.file("bob")};
  CHECK(statuses(room.judge(files)) == std::vector{FileStatus::kCounts, FileStatus::kInitiator});
  CHECK_FALSE(room.judge(files).satisfied());
  room.policy().initiator_counts = true;
  CHECK(room.judge(files).satisfied());
}

TEST_CASE("Whoever is meant by a user's name does not count, nor any other name of who runs") {
  Room room;
  const std::vector files{room.file("alice"), room.file("bob"), room.file("carol")};
  room.policy().initiators = {"olga", "bob-at-the-desk"};
  CHECK(statuses(room.judge(files)) ==
        std::vector{FileStatus::kCounts, FileStatus::kInitiator, FileStatus::kCounts});
  room.policy().initiators = {"alice", "bob-at-the-desk"};
  CHECK(statuses(room.judge(files)) ==
        std::vector{FileStatus::kInitiator, FileStatus::kInitiator, FileStatus::kCounts});
  CHECK_FALSE(room.judge(files).satisfied());
}

TEST_CASE(
    "A statement out of its time, for too long, of another roster or threshold is objected to") {
  Room room;
  const auto judged = [&](const char* now) {
    const auto quorum = room.judge({room.file("alice"), room.file("bob")}, now);
    CHECK(quorum.satisfied() == quorum.objections.empty());
    return objections(quorum);
  };
  using Codes = std::vector<std::string>;
  CHECK(judged("2026-03-01T18:00:00Z").empty());
  CHECK(judged("2026-03-01T18:00:01Z") == Codes{"statement-expired"});
  CHECK(judged("2026-03-01T09:59:59Z") == Codes{"statement-not-yet-valid"});
  room.policy().longest = std::chrono::hours(8) - std::chrono::seconds(1);
  CHECK(judged("2026-03-01T12:00:00Z") == Codes{"statement-too-long"});
  room.policy().longest = std::chrono::hours(8);
  room.policy().needed = {{"security-officer", 1}};
  CHECK(judged("2026-03-01T12:00:00Z") == Codes{"statement-other-threshold"});
  room.policy().needed = room.statement().threshold;
  room.statement().roster_sha256 = std::string(64, 'e');
  CHECK(judged("2026-03-01T12:00:00Z") == Codes{"statement-other-roster"});
}

TEST_CASE("A policy that nobody or everybody satisfies is refused") {
  Room room;
  const approval::QuorumPolicy good = room.policy();
  CHECK(room.refusal() == "no error");
  room.policy().needed = {};
  CHECK(room.refusal() == "quorum-policy");
  room.policy().needed = {{"security-officer", 0}};
  CHECK(room.refusal() == "quorum-policy");
  room.policy() = good;
  room.policy().longest = {};
  CHECK(room.refusal() == "quorum-policy");
  room.policy() = good;
  room.policy().initiators.clear();
  CHECK(room.refusal() == "quorum-policy");
  room.policy() = good;
  room.policy().needed = {{"security-officer", 5}};
  CHECK(room.refusal() == "quorum-unreachable");
  room.policy().needed = {{"security-officer", 4}};
  CHECK(room.refusal() == "no error");
  room.policy().initiators = {"bob"};
  CHECK(room.refusal() == "quorum-unreachable");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
