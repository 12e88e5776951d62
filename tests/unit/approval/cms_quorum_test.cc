#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "approval/quorum.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::FileStatus;

// Alice and Bob are officers with certificates, Carol one with an SSH key and a certificate of the
// same key, Dora one whose certificate ended; Mallory has a certificate that is in no roster.
class CardRoom {
 public:
  CardRoom() {
    office_.issue("alice");
    office_.issue("bob", {.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"});
    const std::string carol = signers_.key("carol-ssh", "-t ecdsa -b 256 -m PKCS8");
    signers_.shop().must("cp carol-ssh carol-pkcs8.key");
    office_.issue("carol", {.key_of = "carol-pkcs8"});
    office_.issue("dora", {.until = "20260301115959Z"});
    office_.issue("mallory");
    roster_text_ = fmt::format("[[ca]]\ncertificate = '''{}'''\n", office_.pem("ca")) +
                   person("alice") + person("bob") +
                   person("carol", fmt::format("keys = [\"{}\"]\n", carol)) + person("dora");
    roster_ = approval::parse_roster(as_bytes(roster_text_), "roster.toml");
    statement_.roster_sha256 = roster_.sha256;
    bytes_ = approval::to_bytes(statement_);
    policy_.needed = statement_.threshold;
    policy_.initiators = {"olga"};
    policy_.longest = std::chrono::hours(8);
  }

  [[nodiscard]] approval::ApprovalFile file(
      const std::string& name, const std::string& options = "-binary -cades -md sha256") const {
    return {.name = name + ".p7s", .content = as_text(office_.sign(name, bytes_, options))};
  }
  [[nodiscard]] approval::ApprovalFile carols_ssh() const {
    return {.name = "carol.sshsig", .content = signers_.sign("carol-ssh", bytes_)};
  }
  [[nodiscard]] approval::Quorum judge(const std::vector<approval::ApprovalFile>& files,
                                       const char* now = "2026-03-01T12:00:00Z") const {
    return approval::judge_quorum(roster_, policy_, bytes_, files, parse_rfc3339(now, "now"));
  }
  [[nodiscard]] approval::FileVerdict verdict(const approval::ApprovalFile& file,
                                              const char* now = "2026-03-01T12:00:00Z") const {
    return judge({file}, now).files.at(0);
  }
  [[nodiscard]] const CertificateOffice& office() const { return office_; }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] const Workshop& shop() const { return signers_.shop(); }

 private:
  [[nodiscard]] std::string person(const std::string& name, const std::string& more = {}) const {
    return fmt::format(
        "[[approver]]\nidentity = \"{}\"\nroles = [\"security-officer\"]\ncertificates = "
        "['''{}''']\n{}",
        name, office_.pem(name), more);
  }

  Signers signers_{};
  CertificateOffice office_{signers_.shop()};
  std::string roster_text_{};
  approval::Roster roster_{};
  approval::Statement statement_{sample_statement()};
  Bytes bytes_{};
  approval::QuorumPolicy policy_{};
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("Two officers with certificates satisfy a threshold of two, as openssl verifies them") {
  const CardRoom room;
  const std::vector files{room.file("alice"), room.file("bob", "-binary -nocerts -md sha512")};
  const auto quorum = room.judge(files);
  CHECK(quorum.satisfied());
  CHECK(quorum.roles[0].identities == std::vector<std::string>{"alice", "bob"});
  CHECK(quorum.files[0].sentence == "alice approves as security-officer");
  CHECK(quorum.files[0].fingerprint ==
        as_text(room.shop().must("openssl x509 -in alice.pem -outform DER | sha256sum"))
            .substr(0, 64));
  for (const auto& file : files) {
    CHECK(room.office().openssl_verifies(as_bytes(file.content), room.bytes(), "20260301120000Z",
                                         "-certfile bob.pem"));
  }
  CHECK_FALSE(room.judge({files[0]}).satisfied());
}

TEST_CASE("An SSH signature and a CMS signature of one person count once, of two people twice") {
  const CardRoom room;
  const auto one = room.judge({room.carols_ssh(), room.file("carol")});
  CHECK(one.files[0].status == FileStatus::kCounts);
  CHECK(one.files[1].status == FileStatus::kRepeated);
  CHECK_FALSE(one.satisfied());
  CHECK(room.judge({room.file("carol"), room.carols_ssh()}).files[1].status ==
        FileStatus::kRepeated);
  CHECK(room.judge({room.carols_ssh(), room.file("alice")}).satisfied());
  const auto twice = room.judge({room.file("alice"), room.file("alice")});
  CHECK(twice.files[1].sentence == "alice has been counted already; a person counts once");
  CHECK_FALSE(twice.satisfied());
}

TEST_CASE("What is wrong with a CMS approval is told, each by its own status and words") {
  const CardRoom room;
  const auto told = [&](const approval::ApprovalFile& file, FileStatus status,
                        const std::string& words) {
    const auto verdict = room.verdict(file);
    INFO(verdict.sentence);
    CHECK(verdict.status == status);
    CHECK(contains(verdict.sentence, words));
    return verdict;
  };
  const auto stranger =
      told(room.file("mallory"), FileStatus::kUnknownSigner, "nobody in the roster");
  CHECK(stranger.identity.empty());
  CHECK(stranger.fingerprint.size() == 64);
  CHECK(
      told(room.file("mallory", "-binary -nocerts"), FileStatus::kUnknownSigner, "signed by a cert")
          .fingerprint.empty());
  CHECK(
      told(room.file("dora"), FileStatus::kCertificateNotValid, "certificate has expired (CN=dora)")
          .identity == "dora");
  CHECK(room.verdict(room.file("dora"), "2026-03-01T11:59:58Z").status == FileStatus::kCounts);
  told(room.file("alice", "-binary -md sha1"), FileStatus::kWeakHash,
       "broken; it claims to be by alice");
  told(room.file("alice", "-binary -nodetach"), FileStatus::kMalformed, "contains its own content");
  told(room.file("alice", "-binary -signer bob.pem -inkey bob.key"), FileStatus::kMalformed,
       "more than one signer");
  told(room.file("alice", "-binary -certfile mallory.pem"), FileStatus::kOtherCertificate,
       "carries one that the roster has not");
  CHECK(room.verdict(room.file("alice", "-binary -certfile ca.pem")).status == FileStatus::kCounts);
  auto pem = room.file("alice");
  room.shop().put("a.p7s", as_bytes(pem.content));
  pem.content = as_text(room.shop().must("openssl cms -cmsout -inform DER -in a.p7s -outform PEM"));
  told(pem, FileStatus::kMalformed, "neither an SSH signature nor a CMS signature in DER");
  const auto other = room.office().sign("alice", as_bytes("{}"));
  told({.name = "alice.p7s", .content = as_text(other)}, FileStatus::kBadSignature,
       "the signature of alice is not one over this statement");
  CHECK_FALSE(room.office().openssl_verifies(other, room.bytes()));
}

TEST_CASE("Content that a CMS approval carries never counts, be it the statement or another") {
  const CardRoom room;
  for (const Bytes& carried : {room.bytes(), Bytes{'{', '}'}}) {
    const auto made = room.office().sign("alice", carried, "-binary -nodetach");
    CHECK(room.verdict({.name = "alice.p7s", .content = as_text(made)}).status ==
          FileStatus::kMalformed);
  }
}

TEST_CASE("A certificate with the name and number of a known one is another certificate") {
  const CardRoom room;
  // Mallory's CA bears the same name and gives the same number: only the bytes tell them apart.
  room.shop().must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out fake.key 2>/dev/null; "
      "openssl req -new -x509 -config office.cnf -extensions authority -subj /CN=ca -key fake.key "
      "-out fake.pem; cp fake.key copy.key; "
      "openssl req -new -config office.cnf -subj /CN=alice -key copy.key -out copy.csr; "
      "openssl x509 -req -in copy.csr -CA fake.pem -CAkey fake.key -out copy.pem 2>/dev/null "
      "-set_serial 0x$(openssl x509 -in alice.pem -noout -serial | cut -d= -f2)");
  const auto carried = room.verdict(room.file("copy"));
  CHECK(carried.status == FileStatus::kOtherCertificate);
  CHECK(carried.identity == "alice");
  CHECK(room.verdict(room.file("copy", "-binary -nocerts")).status == FileStatus::kBadSignature);
}

TEST_CASE("A CMS approval with any byte altered, or cut anywhere, never counts") {
  const CardRoom room;
  for (const char* options :
       {"-binary -cades -md sha256", "-binary -md sha256 -nosmimecap -nocerts"}) {
    const auto good = room.file("alice", options);
    REQUIRE(room.verdict(good).status == FileStatus::kCounts);
    std::map<FileStatus, std::size_t> seen;
    for (std::size_t at = 0; at < good.content.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x20U, 0x80U}) {
        auto altered = good;
        altered.content[at] =
            static_cast<char>(static_cast<unsigned char>(good.content[at]) ^ flip);
        const auto verdict = room.verdict(altered);
        ++seen[verdict.status];
        CHECK_FALSE(verdict.sentence.empty());
      }
      auto cut = good;
      cut.content.resize(at);
      ++seen[room.verdict(cut).status];
    }
    const bool carries = std::string(options).find("-nocerts") == std::string::npos;
    CHECK(seen.count(FileStatus::kCounts) == 0);
    CHECK(seen[FileStatus::kBadSignature] > 100);  // signed attributes, signature
    CHECK(seen[FileStatus::kMalformed] > 100);     // tags, lengths, algorithms
    CHECK(seen[FileStatus::kUnknownSigner] > 20);  // who signed
    CHECK((seen[FileStatus::kOtherCertificate] > 100) == carries);
    CHECK(std::ranges::all_of(seen, [](const auto& row) {
      return approval::is_broken(row.first) || row.first == FileStatus::kUnknownSigner;
    }));
  }
}

TEST_CASE("A renewed certificate with the same key signs in the place of the one before") {
  const Workshop shop;
  const CertificateOffice office(shop);
  office.issue("old", {.until = "20260201000000Z"});
  office.issue("new", {.key_of = "old"});
  const std::string text = fmt::format(
      "[[ca]]\ncertificate = '''{}'''\n[[approver]]\nidentity = \"alice\"\nroles = "
      "[\"security-officer\"]\ncertificates = ['''{}''', '''{}''']\n",
      office.pem("ca"), office.pem("old"), office.pem("new"));
  const auto roster = approval::parse_roster(as_bytes(text), "roster.toml");
  auto statement = sample_statement();
  statement.roster_sha256 = roster.sha256;
  statement.threshold = {{"security-officer", 1}};
  const Bytes bytes = approval::to_bytes(statement);
  const approval::QuorumPolicy policy{
      .needed = statement.threshold, .initiators = {"olga"}, .longest = std::chrono::hours(8)};
  const auto status = [&](const std::string& name, const std::string& options) {
    return approval::judge_quorum(
               roster, policy, bytes,
               {{.name = "alice.p7s", .content = as_text(office.sign(name, bytes, options))}},
               statement.not_before)
        .files.at(0)
        .status;
  };
  CHECK(status("new", "-binary -cades -keyid") == FileStatus::kCounts);
  CHECK(status("new", "-binary -keyid -nocerts") == FileStatus::kCounts);
  CHECK(status("old", "-binary -keyid") == FileStatus::kCertificateNotValid);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
