#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "approval/roster.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Rosters written with the certificates of one office.
struct Registry {
  Signers signers{};
  CertificateOffice office{signers.shop()};

  [[nodiscard]] std::string ca(const std::string& name = "ca") const {
    return fmt::format("[[ca]]\ncertificate = '''{}'''\n", office.pem(name));
  }
  [[nodiscard]] static std::string person(const std::string& identity, const std::string& fields) {
    return fmt::format("[[approver]]\nidentity = \"{}\"\nroles = [\"a\"]\n{}\n", identity, fields);
  }
  [[nodiscard]] std::string holder(const std::string& identity,
                                   const std::string& certificate) const {
    return person(identity, fmt::format("certificates = ['''{}''']", office.pem(certificate)));
  }
  [[nodiscard]] static Failure refused(const std::string& text) {
    return failure_of(
        [&] { static_cast<void>(approval::parse_roster(as_bytes(text), "roster.toml")); });
  }
  [[nodiscard]] static std::string code(const std::string& text) { return refused(text).code; }
};

TEST_CASE("A roster is read with certificates, as PEM or base64, and its CAs") {
  const Registry registry;
  registry.office.issue("alice");
  registry.office.issue("second", {.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"});
  const std::string base64 = as_text(
      registry.signers.shop().must("openssl x509 -in second.pem -outform DER | base64 -w0"));
  const auto roster = approval::parse_roster(
      as_bytes(registry.ca() +
               Registry::person("alice", fmt::format("certificates = ['''{}''', \"{}\"]",
                                                     registry.office.pem("alice"), base64))),
      "roster.toml");
  REQUIRE(roster.approvers.size() == 1);
  REQUIRE(roster.approvers[0].certificates.size() == 2);
  CHECK(roster.approvers[0].keys.empty());
  CHECK(roster.approvers[0].certificates[1].subject() == "CN=second");
  REQUIRE(roster.authorities.size() == 1);
  const auto& alice = roster.approvers[0].certificates[0];
  const auto named = approval::certificates_named(roster, alice.issuer_and_serial());
  REQUIRE(named.size() == 1);
  CHECK(named[0].certificate == &alice);
  CHECK(named[0].owner == &roster.approvers[0]);
  CHECK(approval::certificates_named(roster, {}).empty());
}

TEST_CASE("One key under two people is refused by both names, in certificates and as SSH key") {
  const Registry registry;
  const std::string line = registry.signers.key("ssh", "-t ecdsa -b 256 -m PKCS8");
  registry.signers.shop().must("cp ssh ssh.key");
  registry.office.issue("alice", {.key_of = "ssh"});
  registry.office.issue("again", {.key_of = "ssh"});
  const std::string ssh = fmt::format("keys = [\"{}\"]", line);
  const auto both = [&](const std::string& text) {
    const Failure failure = Registry::refused(registry.ca() + text);
    CHECK(failure.message.find("alice's and bob's") != std::string::npos);
    return failure.code;
  };
  const std::string duplicate = "roster-duplicate-key";
  CHECK(both(registry.holder("alice", "alice") + Registry::person("bob", ssh)) == duplicate);
  CHECK(both(Registry::person("alice", ssh) + registry.holder("bob", "alice")) == duplicate);
  CHECK(both(registry.holder("alice", "alice") + registry.holder("bob", "again")) == duplicate);
  CHECK(both(registry.holder("alice", "alice") + registry.holder("bob", "alice")) == duplicate);
  const std::string pem = registry.office.pem("alice");
  CHECK(Registry::code(registry.ca() +
                       Registry::person("alice", ssh + fmt::format("\ncertificates = ['''{}''']",
                                                                   pem))) == "no error");
  CHECK(Registry::code(
            registry.ca() +
            Registry::person("alice", fmt::format("certificates = ['''{0}''', '''{0}''']", pem))) ==
        "roster-duplicate-certificate");
}

TEST_CASE("Certificates of two people that one signature would name are refused") {
  const Registry registry;
  registry.signers.shop().must(
      "openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout one.key "
      "-subj /CN=same -set_serial 7 -out one.pem 2>/dev/null; "
      "openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout two.key "
      "-subj /CN=same -set_serial 7 -out two.pem 2>/dev/null");
  CHECK(Registry::code(registry.ca("one") + registry.ca("two") + registry.holder("alice", "one") +
                       registry.holder("bob", "two")) == "roster-duplicate-certificate");
}

TEST_CASE("Each mistake with certificates in a roster is refused by its own code") {
  const Registry registry;
  const auto issued = [&](const Issue& issue) {
    registry.office.issue("alice", issue);
    return Registry::code(registry.ca() + registry.holder("alice", "alice"));
  };
  CHECK(issued({}) == "no error");
  CHECK(issued({.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:1024"}) == "certificate-weak");
  CHECK(issued({.key = "-algorithm ED25519"}) == "certificate-unsupported");
  CHECK(issued({.key = "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"}) ==
        "certificate-unsupported");
  CHECK(issued({.key = "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1"}) ==
        "public-key-unsupported");
  CHECK(issued({.md = "sha1"}) == "roster-certificate-untrusted");
  registry.office.found("other");
  CHECK(issued({.issuer = "other"}) == "roster-certificate-untrusted");
  registry.office.issue("middle", {.extensions = "authority"});
  CHECK(issued({.issuer = "middle"}) == "roster-certificate-untrusted");
  CHECK(Registry::code(registry.ca() + registry.ca("middle") + registry.holder("alice", "alice")) ==
        "no error");
  CHECK(Registry::code(registry.ca("middle") + registry.holder("alice", "alice")) ==
        "roster-certificate-untrusted");
  CHECK(Registry::code(registry.holder("alice", "alice")) == "roster-certificate-untrusted");
  CHECK(Registry::code(registry.ca("alice") + registry.holder("alice", "alice")) ==
        "roster-ca-not-authority");
  const std::string alice = registry.holder("alice", "alice");
  CHECK(Registry::code("ca = 1\n" + alice) == "roster-wrong-type");
  CHECK(Registry::code("[[ca]]\n" + alice) == "roster-missing-field");
  CHECK(Registry::code("[[ca]]\ncertificate = 1\n" + alice) == "roster-wrong-type");
  CHECK(Registry::code(registry.ca() + "key = 1\n" + alice) == "roster-unknown-field");
  CHECK(Registry::code(Registry::person("alice", "certificates = []")) == "roster-no-keys");
  CHECK(Registry::code(Registry::person("alice", "certificates = \"x\"")) == "roster-wrong-type");
  CHECK(Registry::code(Registry::person("alice", "certificates = [\"x\"]")) ==
        "certificate-invalid");
  const std::string key = as_text(registry.signers.shop().get("alice.key"));
  CHECK(Registry::code(Registry::person("alice", "certificates = ['''" + key + "''']")) ==
        "private-key-given");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
