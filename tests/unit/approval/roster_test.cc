#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "approval/roster.h"
#include "crypto/digest.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Failure refused(const std::string& text) {
  return failure_of(
      [&] { static_cast<void>(approval::parse_roster(as_bytes(text), "roster.toml")); });
}

std::string approver(const std::string& identity, const std::string& keys,
                     const std::string& more = "") {
  return fmt::format(
      "[[approver]]\nidentity = \"{}\"\nroles = [\"security-officer\"]\n"
      "keys = [{}]\n{}\n",
      identity, keys, more);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

TEST_CASE("A roster is read with its people, roles, keys, times and hash") {
  const Signers signers;
  const std::string one = signers.key("one");
  const std::string two = signers.key("two", "-t ecdsa -b 256");
  const std::string three = signers.key("three");
  const std::string text =
      approver(
          "alice@example.org", quoted(one) + ", " + quoted(two),
          "valid_from = \"2026-01-01T00:00:00Z\"\nvalid_until = \"2027-01-01T00:00:00+01:00\"") +
      approver("bob", quoted(three));
  const auto path = signers.shop().put("roster.toml", as_bytes(text));
  const approval::Roster roster = approval::read_roster(path);
  CHECK(roster.sha256 == crypto::sha256_hex(as_bytes(text)));
  REQUIRE(roster.approvers.size() == 2);
  const approval::Approver& alice = roster.approvers[0];
  CHECK(alice.identity == "alice@example.org");
  CHECK(alice.roles == std::vector<std::string>{"security-officer"});
  CHECK(alice.keys.size() == 2);
  CHECK(alice.valid_from == parse_rfc3339("2026-01-01T00:00:00Z", "t"));
  CHECK(alice.valid_until == parse_rfc3339("2026-12-31T23:00:00Z", "t"));
  CHECK_FALSE(roster.approvers[1].valid_from.has_value());
  CHECK(approval::owner_of(roster, approval::parse_ssh_key(two, "x")) == &alice);
  CHECK(approval::owner_of(roster, approval::parse_ssh_key(signers.key("other"), "x")) == nullptr);
}

TEST_CASE("The same key under two names is refused by both names") {
  const Signers signers;
  const std::string key = signers.key("one");
  const Failure failure = refused(approver("alice", quoted(key)) + approver("bob", quoted(key)));
  CHECK(failure.code == "roster-duplicate-key");
  CHECK(failure.kind == Kind::kConfig);
  CHECK(failure.message.find("alice's and bob's") != std::string::npos);
  const std::string bare = key.substr(0, key.rfind(' '));
  CHECK(refused(approver("alice", quoted(key)) + approver("bob", quoted(bare))).code ==
        "roster-duplicate-key");
  CHECK(refused(approver("alice", quoted(key) + "," + quoted(bare))).code ==
        "roster-duplicate-key");
}

TEST_CASE("One authenticator's key under two applications is one key") {
  const Bytes raw = from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto line = [&](const char* application) {
    const Bytes blob =
        ssh_strings({as_bytes("sk-ssh-ed25519@openssh.com"), raw, as_bytes(application)});
    return quoted("sk-ssh-ed25519@openssh.com " + to_base64(blob));
  };
  CHECK(refused(approver("alice", line("ssh:")) + approver("bob", line("ssh:bob"))).code ==
        "roster-duplicate-key");
}

TEST_CASE("Each mistake in a roster is refused by its own code") {
  const Signers signers;
  const std::string key = quoted(signers.key("one"));
  const std::string other = quoted(signers.key("two"));
  const auto code = [](const std::string& text) { return refused(text).code; };
  CHECK(code(approver("alice", key)) == "no error");
  CHECK(code("") == "roster-empty");
  CHECK(code("approver = []") == "roster-empty");
  CHECK(code("approver = 1") == "roster-wrong-type");
  CHECK(code("approver = [1]") == "roster-wrong-type");
  CHECK(code("this is no TOML") == "roster-invalid");
  CHECK(code("\xff") == "roster-invalid");
  CHECK(code(std::string(2U << 20U, '#')) == "roster-too-large");
  CHECK(code("version = 1\n" + approver("alice", key)) == "roster-unknown-field");
  CHECK(code(approver("alice", key, "valid_untill = \"2026-01-01T00:00:00Z\"")) ==
        "roster-unknown-field");
  CHECK(code(approver("alice", key, "identity = \"bob\"")) == "roster-invalid");
  CHECK(code("[[approver]]\nidentity = \"alice\"\nroles = [\"a\"]") == "roster-missing-field");
  CHECK(code("[[approver]]\nidentity = 1") == "roster-wrong-type");
  CHECK(code(approver("alice", "")) == "roster-no-keys");
  CHECK(code(approver("alice", "1")) == "roster-wrong-type");
  CHECK(code(approver("alice", "\"ssh-dss AAAA\"")) == "ssh-key-unsupported");
  CHECK(code(approver("../alice", key)) == "roster-identity-invalid");
  CHECK(code(approver("", key)) == "roster-identity-invalid");
  CHECK(code(approver("alice", key) + approver("alice", other)) == "roster-duplicate-identity");
  CHECK(code(approver("alice", key) + approver("Alice", other)) == "roster-duplicate-identity");
  CHECK(code(approver("alice", key, "valid_from = 2026-01-01T00:00:00Z")) == "roster-wrong-type");
  CHECK(code(approver("alice", key, "valid_from = \"yesterday\"")) == "not-a-time");
  CHECK(code(approver("alice", key,
                      "valid_from = \"2026-01-02T00:00:00Z\"\n"
                      "valid_until = \"2026-01-02T00:00:00Z\"")) == "roster-validity");
  const std::string roles = "[[approver]]\nidentity = \"alice\"\nkeys = [" + key + "]\nroles = ";
  CHECK(code(roles + "[]") == "roster-no-roles");
  CHECK(code(roles + "\"officer\"") == "roster-wrong-type");
  CHECK(code(roles + "[\"Officer\"]") == "roster-role-invalid");
  CHECK(code(roles + "[\"a\", \"a\"]") == "roster-role-invalid");
}

TEST_CASE("An operator has no role and no key, and may be an approver too") {
  const Signers signers;
  const std::string people = approver("alice@example.org", quoted(signers.key("one"))) +
                             "[[operator]]\nidentity = \"ci@example.org\"\n"
                             "users = [\"runner\", \"CORP\\\\ci\"]\n"
                             "[[operator]]\nidentity = \"Alice@example.org\"\nusers = [\"alice\"]\n"
                             "[[operator]]\nidentity = \"olga\"\n";
  const approval::Roster roster = approval::parse_roster(as_bytes(people), "roster.toml");
  REQUIRE(roster.operators.size() == 3);
  CHECK(roster.operators[0].identity == "ci@example.org");
  CHECK(roster.operators[0].users == std::vector<std::string>{"runner", "CORP\\ci"});
  CHECK(roster.operators[2].users.empty());
  CHECK(roster.approvers.size() == 1);
  CHECK(approval::people_of_role(roster, "security-officer") == 1);
  CHECK(approval::people_of_role(roster, "auditor") == 0);
  CHECK(approval::person_named(roster, "runner") == "ci@example.org");
  CHECK(approval::person_named(roster, "CI@example.org") == "ci@example.org");
  CHECK(approval::person_named(roster, "alice") == "Alice@example.org");
  CHECK(approval::person_named(roster, "alice@example.org") == "alice@example.org");
  CHECK(approval::person_named(roster, "olga") == "olga");
  CHECK_FALSE(approval::person_named(roster, "Runner").has_value());
  CHECK_FALSE(approval::person_named(roster, "").has_value());
  CHECK(approval::require_person(roster, "runner") == "ci@example.org");
  const Failure unknown = failure_of([&] { (void)approval::require_person(roster, "root\n"); });
  CHECK(unknown.code == "operator-unknown");
  CHECK(unknown.kind == Kind::kConfig);  // so that the log tells of it
  CHECK(unknown.hint.find("--operator") != std::string::npos);
  CHECK(unknown.message.find('\n') == std::string::npos);
}

TEST_CASE("Each mistake in an operator is refused by its own code") {
  const Signers signers;
  const std::string people = approver("alice", quoted(signers.key("one")));
  const auto code = [&](const std::string& text) {
    return refused(people + "[[operator]]\n" + text).code;
  };
  CHECK(code("identity = \"ci\"") == "no error");
  CHECK(code("") == "roster-missing-field");
  CHECK(code("identity = \"../ci\"") == "roster-identity-invalid");
  CHECK(code("identity = \"ci\"\nroles = [\"security-officer\"]") == "roster-unknown-field");
  CHECK(code("identity = \"ci\"\nkeys = []") == "roster-unknown-field");
  CHECK(code("identity = \"ci\"\nuser = \"ci\"") == "roster-unknown-field");
  CHECK(code("identity = \"ci\"\nusers = \"ci\"") == "roster-wrong-type");
  CHECK(code("identity = \"ci\"\nusers = [\"a b\"]") == "roster-user-invalid");
  CHECK(code("identity = \"ci\"\nusers = [\"\"]") == "roster-user-invalid");
  CHECK(code("identity = \"ci\"\nusers = [\"a\", \"a\"]") == "roster-user-invalid");
  CHECK(code("identity = \"ci\"\n[[operator]]\nidentity = \"CI\"") == "roster-duplicate-identity");
  CHECK(code("identity = \"ci\"\nusers = [\"a\"]\n[[operator]]\nidentity = \"olga\"\n"
             "users = [\"a\"]") == "roster-duplicate-user");
  // A user whose name is another person's identity would be that person.
  CHECK(code("identity = \"ci\"\nusers = [\"Alice\"]") == "roster-duplicate-user");
  CHECK(code("identity = \"Alice\"\nusers = [\"alice\"]") == "no error");
  CHECK(refused("[[operator]]\nidentity = \"ci\"").code == "roster-empty");
  CHECK(refused("operators = []\n" + people).code == "roster-unknown-field");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
