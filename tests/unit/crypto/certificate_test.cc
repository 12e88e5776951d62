#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "support/failure.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::Certificate;

std::string refusal(const std::string& text) {
  return failure_of([&] { static_cast<void>(Certificate::from_text(text, "roster.toml")); }).code;
}

std::string der_refusal(ByteView der) {
  return failure_of([&] { static_cast<void>(Certificate::from_der(der, "roster.toml")); }).code;
}

bool contains(const std::optional<std::string>& text, const std::string& part) {
  return text && text->find(part) != std::string::npos;
}

TimePoint at(const char* when) { return parse_rfc3339(when, "at"); }

TEST_CASE("A certificate says what openssl says of it, from PEM, base64 and DER") {
  const Workshop shop;
  const CertificateOffice office(shop);
  const std::string pem = office.issue("alice");
  const auto alice = Certificate::from_text(pem, "alice.pem");
  const Bytes der = shop.must("openssl x509 -in alice.pem -outform DER");
  CHECK(alice.der() == der);
  CHECK(Certificate::from_der(der, "alice.der") == alice);
  CHECK(Certificate::from_text(to_base64(der), "roster.toml") == alice);
  const std::string around = as_text(shop.must("openssl x509 -in alice.pem -text"));
  CHECK(Certificate::from_text("a comment\n" + around + "\n", "alice.txt") == alice);
  CHECK(alice.sha256() ==
        as_text(shop.must("openssl x509 -in alice.pem -outform DER | sha256sum")).substr(0, 64));
  CHECK("subject=" + alice.subject() + "\n" ==
        as_text(shop.must("openssl x509 -in alice.pem -noout -subject -nameopt RFC2253")));
  CHECK(alice.public_key().pem() ==
        as_text(shop.must("openssl x509 -in alice.pem -noout -pubkey")));
  CHECK_FALSE(alice.is_authority());
  CHECK(Certificate::from_text(office.pem("ca"), "ca.pem").is_authority());
}

TEST_CASE("What is not one certificate is refused by its code") {
  const Workshop shop;
  const CertificateOffice office(shop);
  const std::string pem = office.issue("alice");
  const auto alice = Certificate::from_text(pem, "alice.pem");
  CHECK(refusal("") == "certificate-invalid");
  CHECK(refusal("hello") == "certificate-invalid");
  CHECK(refusal("-----BEGIN CERTIFICATE-----\n") == "certificate-invalid");
  CHECK(refusal(as_text(shop.get("alice.csr"))) == "certificate-invalid");
  CHECK(refusal(as_text(shop.get("alice.key"))) == "private-key-given");
  CHECK(refusal(as_text(shop.get("alice.key")) + pem) == "private-key-given");
  CHECK(refusal(pem + office.pem("ca")) == "certificate-trailing-bytes");
  CHECK(refusal(office.issue("edda", {.key = "-algorithm ED25519"})) == "no error");
  CHECK(refusal(office.issue("ex", {.key = "-algorithm ED448"})) == "public-key-unsupported");
  CHECK(der_refusal({}) == "certificate-invalid");
  CHECK(der_refusal(concat(alice.der(), Bytes{0})) == "certificate-trailing-bytes");
  CHECK(der_refusal(as_bytes(pem)) == "certificate-invalid");
  for (std::size_t length = 0; length < alice.der().size(); ++length) {
    CHECK(der_refusal(ByteView(alice.der()).first(length)) == "certificate-invalid");
  }
}

TEST_CASE("A length that DER writes shorter is another encoding of a certificate, and refused") {
  const Workshop shop;
  const CertificateOffice office(shop);
  office.issue("alice");
  Bytes ber = Certificate::from_text(office.pem("alice"), "alice.pem").der();
  REQUIRE(ber[1] == 0x82);
  ber[1] = 0x83;
  ber.insert(ber.begin() + 2, 0);
  CHECK(der_refusal(ber) == "certificate-invalid");
}

TEST_CASE("A chain holds to the self-signed CA over those given, as openssl verify has it") {
  const Workshop shop;
  const CertificateOffice office(shop);
  const auto ca = Certificate::from_text(office.pem("ca"), "ca");
  const auto other = Certificate::from_text(office.found("other"), "other");
  const auto middle =
      Certificate::from_text(office.issue("middle", {.extensions = "authority"}), "middle");
  const auto alice = Certificate::from_text(office.issue("alice", {.issuer = "middle"}), "alice");
  CHECK_FALSE(chain_fault(alice, {ca, middle}, std::nullopt));
  CHECK_FALSE(chain_fault(alice, {other, middle, ca}, at("2026-03-01T00:00:00Z")));
  CHECK(chain_fault(alice, {ca}, std::nullopt));
  CHECK(chain_fault(alice, {middle}, std::nullopt));
  CHECK(chain_fault(alice, {other}, std::nullopt));
  CHECK(chain_fault(alice, {}, std::nullopt));
  const auto openssl = [&](const std::string& options) {
    return shop.run("openssl verify -no_check_time " + options + " alice.pem >/dev/null 2>&1")
               .exit_code == 0;
  };
  CHECK(openssl("-CAfile ca.pem -untrusted middle.pem"));
  CHECK_FALSE(openssl("-CAfile ca.pem"));
  CHECK_FALSE(openssl("-CAfile middle.pem"));
}

TEST_CASE("A certificate holds from its first second to its last, and so must its CA") {
  const Workshop shop;
  const CertificateOffice office(shop);
  const auto ca = Certificate::from_text(office.pem("ca"), "ca");
  const auto alice = Certificate::from_text(office.issue("alice"), "alice");
  const auto fault = [&](const char* when) { return chain_fault(alice, {ca}, at(when)); };
  CHECK(contains(fault("2025-12-31T23:59:59Z"), "not yet valid (CN=alice)"));
  CHECK_FALSE(fault("2026-01-01T00:00:00Z"));
  CHECK_FALSE(fault("2026-12-31T23:59:59Z"));
  CHECK(contains(fault("2027-01-01T00:00:01Z"), "expired (CN=alice)"));
  CHECK_FALSE(chain_fault(alice, {ca}, std::nullopt));
  const auto late =
      Certificate::from_text(office.issue("late", {.until = "20500101000000Z"}), "late");
  CHECK(contains(chain_fault(late, {ca}, at("2041-01-01T00:00:00Z")), "expired (CN=ca)"));
}

TEST_CASE("A certificate signed with SHA-1, or with a short RSA key in its chain, is no good") {
  const Workshop shop;
  const CertificateOffice office(shop);
  const auto ca = Certificate::from_text(office.pem("ca"), "ca");
  const auto fault = [&](const Issue& issue) {
    return chain_fault(Certificate::from_text(office.issue("alice", issue), "alice"), {ca},
                       std::nullopt);
  };
  CHECK(contains(fault({.md = "sha1"}), "digest algorithm too weak"));
  CHECK(contains(fault({.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:1024"}), "too weak"));
  CHECK_FALSE(fault({.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"}));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
