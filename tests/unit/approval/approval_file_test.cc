#include "approval/approval_file.h"

#include <doctest/doctest.h>

#include "crypto/cms_form.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
  return text;
}

std::string with_line_ends(const std::string& text, const std::string& end) {
  std::string other;
  for (const char c : text) other += c == '\n' ? end : std::string(1, c);
  return other;
}

constexpr const char* kNamespace = "keyrite-approval@keyrite";

std::string formed(const std::string& text) {
  return approval::approval_file("a", as_bytes(text)).content;
}

TEST_CASE("SSH armour in other lines becomes what ssh-keygen wrote") {
  const Signers signers;
  const std::string line = signers.key("alice", "-t ed25519");
  const Bytes message{'h', 'i'};
  const std::string armour = signers.sign("alice", message);
  const std::string begin = "-----BEGIN SSH SIGNATURE-----\n";
  const std::string end = "\n-----END SSH SIGNATURE-----\n";
  const std::string base64 = armour.substr(begin.size(), armour.size() - begin.size() - end.size());
  const std::string one_line = begin + without(base64, "\n") + end;
  CHECK(signers.ssh_keygen_verifies(line, one_line, message, kNamespace));
  CHECK(signers.ssh_keygen_verifies(line, armour + "\n", message, kNamespace));
  CHECK(formed(one_line) == armour);
  CHECK(formed(armour + "\n") == armour);
  CHECK(formed(with_line_ends(armour, "\r\n")) == armour);
  CHECK(formed(armour) == armour);
  const std::string cut = armour.substr(0, armour.size() - end.size());
  CHECK(formed(cut) == cut);
  CHECK(formed(armour + "more") == armour + "more");
}

TEST_CASE("A CMS signature in PEM, S/MIME or BER becomes the DER that openssl makes of it") {
  const Signers signers;
  const CertificateOffice office(signers.shop());
  office.issue("bob");
  const auto& shop = signers.shop();
  shop.put("statement.json", as_bytes("{\"a\":1}"));
  const std::string sign =
      "openssl cms -sign -binary -cades -md sha256 -signer bob.pem -inkey bob.key -in "
      "statement.json ";
  std::string form;
  SUBCASE("PEM") {
    shop.must(sign + "-outform PEM -out form");
    shop.must("openssl cms -cmsout -inform PEM -in form -outform DER -out der");
  }
  SUBCASE("PEM with the older header") {
    shop.must(sign + "-outform PEM | sed 's/ CMS-/ PKCS7-/' > form");
    shop.must("openssl pkcs7 -inform PEM -in form -outform DER -out der");
  }
  SUBCASE("S/MIME") {
    shop.must(sign + "-outform SMIME -out form");
    shop.must("openssl cms -cmsout -inform SMIME -in form -outform DER -out der");
  }
  SUBCASE("BER with indefinite lengths") {
    shop.must(sign + "-outform DER -out der");
    shop.put("ber.py", as_bytes(R"(
def inside(b):  # of one element
    n = b[1]
    return b[2:] if n < 128 else b[2 + n - 128:]
def indefinite(tag, content): return bytes([tag, 0x80]) + content + b'\0\0'
der = open('der', 'rb').read()
outer = inside(der)
oid = outer[:2 + outer[1]]
data = inside(inside(outer[len(oid):]))
open('form', 'wb').write(indefinite(0x30, oid + indefinite(0xa0, indefinite(0x30, data))))
)"));
    shop.must("python3 ber.py && ! cmp -s form der");
    shop.must("openssl cms -cmsout -inform DER -in form -outform DER -out again && cmp again der");
  }
  const Bytes der = shop.get("der");
  const auto file = approval::approval_file("bob.p7s", shop.get("form"));
  CHECK(file.content == as_text(der));
  CHECK(office.openssl_verifies(as_bytes(file.content), shop.get("statement.json")));
}

TEST_CASE("What is no signature stays what it is, and what is too large is not read") {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string("0\x03 is no DER"),
        std::string("-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n"),
        std::string("Content-Type: text/plain\n\nhello\n")}) {
    CHECK(formed(text) == text);
  }
  CHECK_FALSE(crypto::cms_in_der(Bytes(std::size_t{1} << 20U, 0x30)).has_value());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
