#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "crypto/cms_signature.h"
#include "support/failure.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::Certificate;

const std::string kContent = "{\"a\":\"statement\"}";

std::string refusal(ByteView der) {
  const Failure failure =
      failure_of([&] { static_cast<void>(crypto::parse_cms_signature(der, "alice.p7s")); });
  if (failure.code != "no error") CHECK(failure.kind == Kind::kVerification);
  return failure.code;
}

// An office, Alice, and what her signatures come to.
struct Desk {
  Workshop shop{};
  CertificateOffice office{shop};
  std::vector<Certificate> authorities{Certificate::from_text(office.pem("ca"), "ca")};

  [[nodiscard]] Bytes sign(const std::string& options, const std::string& name = "alice") const {
    return office.sign(name, as_bytes(kContent), options);
  }
  [[nodiscard]] bool verifies(ByteView signature, const Certificate& certificate,
                              const std::string& content = kContent) const {
    return verify_cms_signature(crypto::parse_cms_signature(signature, "alice.p7s"),
                                as_bytes(content), certificate, authorities);
  }
  [[nodiscard]] Certificate certificate(const std::string& name) const {
    return Certificate::from_text(office.pem(name), name);
  }
};

TEST_CASE("What openssl signs by every type of key verifies here and there, and nothing else") {
  const Desk desk;
  desk.office.issue("mallory");
  const std::string curve = "-algorithm EC -pkeyopt ec_paramgen_curve:";
  const std::string rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:";
  for (const std::string& key :
       {curve + "P-256", curve + "P-384", curve + "P-521", rsa + "2048", rsa + "3072"}) {
    desk.office.issue("alice", {.key = key});
    const Certificate alice = desk.certificate("alice");
    for (const char* options :
         {"-binary -md sha256", "-binary -cades -md sha384", "-binary -cades -md sha512 -keyid",
          "-binary -md sha256 -nocerts", "-binary -md sha256 -nosmimecap -certfile ca.pem"}) {
      INFO(key, " ", options);
      const Bytes signature = desk.sign(options);
      CHECK(desk.verifies(signature, alice));
      CHECK_FALSE(desk.verifies(signature, alice, kContent + " "));
      CHECK_FALSE(desk.verifies(signature, desk.certificate("mallory")));
      CHECK(crypto::claimed_cms_signer(signature) ==
            crypto::parse_cms_signature(signature, "x").signer);
      const std::string carrying = "-certfile alice.pem";
      const auto openssl = [&](const std::string& content) {
        return desk.office.openssl_verifies(signature, as_bytes(content), "20260301120000Z",
                                            carrying);
      };
      CHECK(openssl(kContent));
      CHECK_FALSE(openssl(kContent + " "));
    }
  }
}

TEST_CASE("A signature names its certificate by issuer and number or by key, byte for byte") {
  const Desk desk;
  desk.office.issue("alice");
  desk.office.issue("bob");
  const Certificate alice = desk.certificate("alice");
  for (const char* options : {"-binary", "-binary -keyid"}) {
    const Bytes signer = crypto::parse_cms_signature(desk.sign(options), "x").signer;
    CHECK(names_signer(signer, alice));
    CHECK_FALSE(names_signer(signer, desk.certificate("bob")));
    for (std::size_t at = 0; at < signer.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x20U}) {  // 0x20: another case of a letter
        Bytes altered = signer;
        altered[at] = static_cast<std::uint8_t>(altered[at] ^ flip);
        CHECK_FALSE(names_signer(altered, alice));
      }
    }
  }
}

TEST_CASE("A signature refers to its certificate where CAdES demands it") {
  const Desk desk;
  desk.office.issue("alice");
  desk.office.issue("renewed", {.key_of = "alice"});
  // One key, two certificates: only the reference tells which one was meant.
  const Certificate alice = desk.certificate("alice");
  const Certificate renewed = desk.certificate("renewed");
  const Bytes bare = desk.sign("-binary -keyid -nocerts", "renewed");
  CHECK(desk.verifies(bare, alice));
  CHECK(desk.verifies(bare, renewed));
  const Bytes cades = desk.sign("-binary -cades -keyid -nocerts", "renewed");
  CHECK_FALSE(desk.verifies(cades, alice));
  CHECK(desk.verifies(cades, renewed));
}

TEST_CASE("A signature by a certificate of another CA does not verify") {
  const Desk desk;
  desk.office.found("other");
  desk.office.issue("mallory", {.issuer = "other"});
  const Bytes signature = desk.sign("-binary", "mallory");
  CHECK_FALSE(desk.verifies(signature, desk.certificate("mallory")));
  CHECK_FALSE(desk.office.openssl_verifies(signature, as_bytes(kContent)));
}

TEST_CASE("Forms of CMS that are not taken are refused each by its code") {
  const Desk desk;
  desk.office.issue("alice", {.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"});
  desk.office.issue("bob");
  const auto code = [&](const std::string& options) { return refusal(desk.sign(options)); };
  CHECK(code("-binary") == "no error");
  CHECK(code("-binary -nodetach") == "cms-content-attached");
  CHECK(code("-binary -signer bob.pem -inkey bob.key") == "cms-several-signers");
  CHECK(code("-binary -md sha1") == "cms-weak-hash");
  CHECK(code("-binary -md md5") == "cms-weak-hash");
  CHECK(code("-binary -md sha224") == "cms-algorithm");
  CHECK(code("-binary -keyopt rsa_padding_mode:pss") == "cms-algorithm");
  CHECK(code("-binary -noattr") == "cms-malformed");
  CHECK(code("-binary -econtent_type 1.2.3.4") == "cms-malformed");
  CHECK(code("-binary -stream -nodetach") == "cms-malformed");  // BER, indefinite lengths
  const std::string malformed = "cms-malformed";
  CHECK(refusal({}) == malformed);
  CHECK(refusal(as_bytes("hello")) == malformed);
  CHECK(refusal(Bytes(100000, 0x30)) == malformed);
  const Bytes good = desk.sign("-binary");
  CHECK(refusal(concat(good, Bytes{0})) == malformed);
  const Bytes pem =
      desk.shop.must("openssl cms -cmsout -in signature.p7s -inform DER -outform PEM");
  CHECK(refusal(pem) == malformed);
  const Bytes lists = desk.shop.must(
      "openssl ca -config office.cnf -gencrl -crldays 9 -keyfile ca.key -cert ca.pem -out ca.crl "
      "2>/dev/null; openssl crl2pkcs7 -in ca.crl -certfile alice.pem -outform DER");
  CHECK(refusal(lists) == malformed);  // nobody signed it
  for (std::size_t length = 0; length < good.size(); ++length) {
    CHECK(refusal(ByteView(good).first(length)) == malformed);
  }
}

TEST_CASE("Attributes that nobody signed are refused, and so is a list of revocations") {
  const Desk desk;
  desk.office.issue("alice");
  // openssl adds neither: python3 puts them in, element by element.
  desk.shop.put("signature.p7s", desk.sign("-binary -nosmimecap"));
  desk.shop.put("add.py", as_bytes(R"(
import sys
def split(der):
    parts = []
    while der:
        length, head = der[1], 2
        if length & 0x80:
            head = 2 + (length & 0x7f)
            length = int.from_bytes(der[2:head], 'big')
        parts.append((der[0], der[head:head + length]))
        der = der[head + length:]
    return parts
def join(parts):
    out = b''
    for tag, body in parts:
        size = len(body)
        length = bytes([size]) if size < 128 else (
            lambda raw: bytes([0x80 | len(raw)]) + raw)(size.to_bytes((size.bit_length() + 7) // 8, 'big'))
        out += bytes([tag]) + length + body
    return out
def rebuild(data):
    return join([(0x30, join([outer[0], (0xa0, join([(0x30, join(data))]))]))])
der = open('signature.p7s', 'rb').read()
outer = split(split(der)[0][1])
data = split(split(outer[1][1])[0][1])
assert rebuild(data) == der
info = split(split(data[-1][1])[0][1])
attribute = join([(0x30, join([(6, bytes.fromhex('2a0304')), (0x31, join([(5, b'')]))]))])
with_attribute = data[:-1] + [(0x31, join([(0x30, join(info + [(0xa1, attribute)]))]))]
open('attribute.p7s', 'wb').write(rebuild(with_attribute))
open('list.p7s', 'wb').write(rebuild(data[:-1] + [(0xa1, join([(0x30, b'')]))] + data[-1:]))
open('hashes.p7s', 'wb').write(rebuild([data[0], (0x31, data[1][1] * 2)] + data[2:]))
open('version.p7s', 'wb').write(rebuild([(2, b'\3')] + data[1:]))
)"));
  desk.shop.must("/usr/bin/python3 add.py");
  for (const char* name : {"attribute.p7s", "list.p7s", "hashes.p7s", "version.p7s"}) {
    INFO(name);
    CHECK(refusal(desk.shop.get(name)) == "cms-malformed");
  }
  // OpenSSL takes the attribute and the version, so without this rule bytes could be altered.
  const Bytes attribute = desk.shop.get("attribute.p7s");
  const Bytes version = desk.shop.get("version.p7s");
  CHECK(desk.office.openssl_verifies(attribute, as_bytes(kContent)));
  CHECK(desk.office.openssl_verifies(version, as_bytes(kContent)));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
