// Every byte of everything that an approval rests on, altered: the roster, the statement, and a
// signature of each kind.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "approval/quorum.h"
#include "support/failure.h"
#include "support/sanitizers.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::FileStatus;
using Codes = std::set<std::string>;

// Alice signs by SSH key, Bob by certificate; both are needed.
class Evidence {
 public:
  Evidence() {
    const std::string alice = signers_.key("alice");
    office_.issue("bob");
    roster = fmt::format(
        "[[ca]]\ncertificate = '''{}'''\n[[approver]]\nidentity = \"alice\"\nroles = [\"a\"]\n"
        "keys = [\"{}\"]\n[[approver]]\nidentity = \"bob\"\nroles = [\"a\"]\ncertificates = "
        "['''{}''']\nvalid_until = \"2026-06-01T00:00:00Z\"\n",
        office_.pem("ca"), alice, office_.pem("bob"));
    alice_line = alice;
    approval::Statement made = sample_statement();
    made.roster_sha256 = approval::parse_roster(as_bytes(roster), "roster.toml").sha256;
    made.threshold = {{"a", 2}};
    policy_ = {.needed = made.threshold, .initiators = {"olga"}, .longest = std::chrono::hours(8)};
    statement = as_text(approval::to_bytes(made));
    sshsig = signers_.sign("alice", as_bytes(statement));
    p7s = as_text(office_.sign("bob", as_bytes(statement)));
  }

  // What is refused or objected to, and the statuses of the two files; "satisfied" alone when
  // nothing.
  [[nodiscard]] Codes judge() const {
    Codes codes;
    const std::string code = failure_of([&] { codes = judged(); }).code;
    if (code != "no error") codes.insert(code);
    return codes;
  }
  [[nodiscard]] const Signers& signers() const { return signers_; }
  [[nodiscard]] const CertificateOffice& office() const { return office_; }

  std::string roster{};
  std::string statement{};
  std::string sshsig{};
  std::string p7s{};
  std::string alice_line{};

 private:
  [[nodiscard]] Codes judged() const {
    const auto quorum = approval::judge_quorum(
        approval::parse_roster(as_bytes(roster), "roster.toml"), policy_, as_bytes(statement),
        {{.name = "alice.sshsig", .content = sshsig}, {.name = "bob.p7s", .content = p7s}},
        parse_rfc3339("2026-03-01T12:00:00Z", "now"));
    Codes codes;
    for (const Error& error : quorum.objections) {
      CHECK_FALSE(error.hint().empty());
      codes.insert(error.code());
    }
    for (const auto& file : quorum.files) {
      CHECK_FALSE(file.sentence.empty());
      if (file.status != FileStatus::kCounts)
        codes.insert(std::string(approval::file_status_name(file.status)));
    }
    CHECK(quorum.satisfied() == codes.empty());
    if (quorum.satisfied()) codes.insert("satisfied");
    return codes;
  }

  Signers signers_{};
  CertificateOffice office_{signers_.shop()};
  approval::QuorumPolicy policy_{};
};

constexpr std::size_t kStride = kSanitized ? 9 : 1;

// Alters each byte in turn, looks, and puts it back. Gives everything that was seen.
Codes all_altered(std::string& bytes, const std::vector<unsigned>& flips,
                  const std::function<Codes()>& look) {
  Codes seen;
  for (std::size_t i = 0; i < bytes.size(); i += kStride) {
    char& byte = bytes[i];
    const char before = byte;
    for (const unsigned flip : flips) {
      byte = static_cast<char>(static_cast<unsigned char>(before) ^ flip);
      const Codes codes = look();
      CHECK_FALSE(codes.empty());
      seen.insert(codes.begin(), codes.end());
    }
    byte = before;
  }
  return seen;
}

bool all_in(const Codes& wanted, const Codes& seen) {
  for (const std::string& code : kSanitized ? Codes{} : wanted) {
    INFO(code);
    CHECK(seen.contains(code));
  }
  return seen.contains("satisfied");
}

TEST_CASE("A statement with any byte altered is approved by nobody, and the reason is told") {
  Evidence evidence;
  REQUIRE(evidence.judge() == Codes{"satisfied"});
  const Codes seen =
      all_altered(evidence.statement, {0x01, 0x20}, [&] { return evidence.judge(); });
  CHECK_FALSE(all_in({"statement-invalid", "statement-missing-field", "statement-field",
                      "statement-type", "statement-version", "statement-not-canonical",
                      "statement-other-roster", "statement-other-threshold", "statement-too-long",
                      "statement-unknown-field", "bad-signature"},
                     seen));
}

TEST_CASE("A roster with any byte altered is another roster, or none") {
  Evidence evidence;
  REQUIRE(evidence.judge() == Codes{"satisfied"});
  const Codes seen = all_altered(evidence.roster, {0x01, 0x02}, [&] { return evidence.judge(); });
  CHECK_FALSE(all_in({"roster-invalid", "roster-unknown-field", "roster-certificate-untrusted",
                      "certificate-invalid", "ssh-key-invalid", "ssh-key-unsupported",
                      "roster-identity-invalid", "roster-role-invalid", "not-a-time",
                      "quorum-unreachable", "statement-other-roster", "unknown-signer"},
                     seen));
}

TEST_CASE("An SSH approval with any byte altered never counts, and its status tells why") {
  Evidence evidence;
  REQUIRE(evidence.judge() == Codes{"satisfied"});
  const Codes seen = all_altered(evidence.sshsig, {0x02}, [&] { return evidence.judge(); });
  CHECK_FALSE(all_in({"malformed", "bad-signature", "other-namespace", "unknown-signer"}, seen));
  CHECK((kSanitized || seen.size() == 4));
}

TEST_CASE("A CMS approval with any byte altered never counts, and its status tells why") {
  Evidence evidence;
  REQUIRE(evidence.judge() == Codes{"satisfied"});
  const Codes seen = all_altered(evidence.p7s, {0x04}, [&] { return evidence.judge(); });
  CHECK_FALSE(all_in({"malformed", "bad-signature", "other-certificate", "unknown-signer"}, seen));
  CHECK((kSanitized || seen.size() == 4));
}

TEST_CASE("What counts here ssh-keygen and openssl verify, and what they reject does not count") {
  Evidence evidence;
  const auto ssh = [&](const std::string& statement) {
    return evidence.signers().ssh_keygen_verifies(evidence.alice_line, evidence.sshsig,
                                                  as_bytes(statement), "keyrite-approval@keyrite");
  };
  const auto cms = [&](const std::string& statement) {
    return evidence.office().openssl_verifies(as_bytes(evidence.p7s), as_bytes(statement));
  };
  CHECK(evidence.judge() == Codes{"satisfied"});
  CHECK(ssh(evidence.statement));
  CHECK(cms(evidence.statement));

  const std::string signed_one = evidence.statement;
  evidence.statement.replace(evidence.statement.find("acme"), 4, "acne");
  CHECK(evidence.judge() == Codes{"bad-signature"});
  CHECK_FALSE(ssh(evidence.statement));
  CHECK_FALSE(cms(evidence.statement));
  evidence.statement = signed_one;

  evidence.sshsig = evidence.signers().sign("alice", as_bytes(signed_one), "file");
  CHECK(evidence.judge() == Codes{"other-namespace"});
  CHECK_FALSE(ssh(signed_one));
  static_cast<void>(evidence.signers().key("mallory"));
  evidence.sshsig = evidence.signers().sign("mallory", as_bytes(signed_one));
  CHECK(evidence.judge() == Codes{"unknown-signer"});
  CHECK_FALSE(ssh(signed_one));

  evidence.office().found("other");
  evidence.office().issue("mallory", {.issuer = "other"});
  evidence.p7s = as_text(evidence.office().sign("mallory", as_bytes(signed_one)));
  CHECK(evidence.judge() == Codes{"unknown-signer"});
  CHECK_FALSE(cms(signed_one));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
