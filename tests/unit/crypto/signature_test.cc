#include "crypto/signature.h"

#include <doctest/doctest.h>

#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::Digest;
using crypto::SignatureScheme;
using crypto::verify_signature;

struct DigestRow {
  Digest digest{};
  std::string name{};
  std::size_t bytes{};
};

const std::vector<DigestRow>& digests() {
  static const std::vector<DigestRow> table{
      {Digest::kSha1, "sha1", 20},     {Digest::kSha224, "sha224", 28},
      {Digest::kSha256, "sha256", 32}, {Digest::kSha384, "sha384", 48},
      {Digest::kSha512, "sha512", 64},
  };
  return table;
}

const std::string kMessage = "challenge of 2026-11-27";
const std::string kRsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";

std::string on_curve(std::string_view curve) {
  return "-algorithm EC -pkeyopt ec_paramgen_curve:" + std::string(curve);
}

// A key of openssl's, key.pem in the workshop, with the message it signs.
crypto::PublicKey signing_key(const Workshop& shop, const std::string& options) {
  shop.put("message", as_bytes(kMessage));
  shop.must("openssl genpkey " + options + " -out key.pem 2>/dev/null");
  return crypto::PublicKey::from_spki(shop.must("openssl pkey -in key.pem -pubout -outform DER"),
                                      "a key");
}

Bytes pss(const Workshop& shop, const std::string& digest, std::size_t salt,
          const std::string& mgf1) {
  return shop.must("openssl dgst -sign key.pem -" + digest +
                   " -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:" + mgf1 +
                   " -sigopt rsa_pss_saltlen:" + std::to_string(salt) + " message");
}

Bytes plain(const Workshop& shop, const std::string& digest) {
  return shop.must("openssl dgst -sign key.pem -" + digest + " message");
}

// r || s of a DER signature, taken apart by python.
Bytes raw(const Workshop& shop, ByteView der, std::size_t field) {
  shop.put("der", der);
  return shop.must(
      "/usr/bin/python3 -c 'import sys;"
      "from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature as d;"
      "n=int(sys.argv[1]);r,s=d(open(\"der\",\"rb\").read());"
      "sys.stdout.buffer.write(r.to_bytes(n,\"big\")+s.to_bytes(n,\"big\"))' " +
      std::to_string(field));
}

bool verifies(const crypto::PublicKey& key, SignatureScheme scheme, Digest digest,
              ByteView signature) {
  return verify_signature(key, scheme, digest, as_bytes(kMessage), signature);
}

// Everything that is not this very signature over this very message under this very digest.
void check_only_this(const crypto::PublicKey& key, SignatureScheme scheme, Digest digest,
                     const Bytes& signature) {
  REQUIRE(verifies(key, scheme, digest, signature));
  CHECK_FALSE(verify_signature(key, scheme, digest, as_bytes(kMessage + "x"), signature));
  CHECK_FALSE(verify_signature(key, scheme, digest, {}, signature));
  CHECK_FALSE(verifies(key, scheme, digest, {}));
  CHECK_FALSE(verifies(key, scheme, digest, concat(signature, Bytes(1))));
  CHECK_FALSE(verifies(key, scheme, digest, ByteView(signature).first(signature.size() - 1)));
  CHECK_FALSE(verifies(key, scheme, digest, Bytes(signature.size())));
  for (std::size_t i = 0; i < signature.size(); i += 7) {
    CAPTURE(i);
    Bytes changed = signature;
    changed[i] ^= 1;
    CHECK_FALSE(verifies(key, scheme, digest, changed));
  }
}

TEST_CASE("RSA-PSS as openssl signs it verifies, under its digest and salt length only") {
  const Workshop shop;
  const auto key = signing_key(shop, kRsa);
  for (const DigestRow& row : digests()) {
    CAPTURE(row.name);
    const Bytes signature = pss(shop, row.name, row.bytes, row.name);
    check_only_this(key, SignatureScheme::kRsaPss, row.digest, signature);
    CHECK_FALSE(verifies(key, SignatureScheme::kRsaPkcs1, row.digest, signature));
    for (const DigestRow& other : digests()) {
      if (other.digest == row.digest) continue;
      CHECK_FALSE(verifies(key, SignatureScheme::kRsaPss, other.digest, signature));
    }
    CHECK_FALSE(verifies(key, SignatureScheme::kRsaPss, row.digest,
                         pss(shop, row.name, row.bytes - 1, row.name)));
    CHECK_FALSE(
        verifies(key, SignatureScheme::kRsaPss, row.digest, pss(shop, row.name, 0, row.name)));
  }
  CHECK_FALSE(
      verifies(key, SignatureScheme::kRsaPss, Digest::kSha256, pss(shop, "sha256", 32, "sha1")));
}

TEST_CASE("RSA PKCS 1 as openssl signs it verifies, under its digest only") {
  const Workshop shop;
  const auto key = signing_key(shop, kRsa);
  for (const DigestRow& row : digests()) {
    CAPTURE(row.name);
    const Bytes signature = plain(shop, row.name);
    check_only_this(key, SignatureScheme::kRsaPkcs1, row.digest, signature);
    CHECK_FALSE(verifies(key, SignatureScheme::kRsaPss, row.digest, signature));
    for (const DigestRow& other : digests()) {
      if (other.digest == row.digest) continue;
      CHECK_FALSE(verifies(key, SignatureScheme::kRsaPkcs1, other.digest, signature));
    }
  }
}

TEST_CASE("ECDSA verifies on every curve, in DER and as r and s side by side") {
  const Workshop shop;
  for (const CurveInfo& curve : curves()) {
    CAPTURE(std::string(curve.name));
    const auto key = signing_key(shop, on_curve(curve.openssl));
    for (const DigestRow& row : digests()) {
      const Bytes der = plain(shop, row.name);
      const Bytes pair = raw(shop, der, curve.field_bytes);
      CHECK(verifies(key, SignatureScheme::kEcdsa, row.digest, der));
      CHECK(verifies(key, SignatureScheme::kEcdsa, row.digest, pair));
    }
    const Bytes der = plain(shop, "sha256");
    check_only_this(key, SignatureScheme::kEcdsa, Digest::kSha256, der);
    check_only_this(key, SignatureScheme::kEcdsa, Digest::kSha256,
                    raw(shop, der, curve.field_bytes));
    CHECK_FALSE(verifies(key, SignatureScheme::kEcdsa, Digest::kSha384, der));
  }
}

TEST_CASE("Ed25519 gives test 2 of RFC 8032, and the digest has no part in it") {
  const auto key = crypto::PublicKey::from_ed25519(
      from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), "RFC 8032");
  const Bytes message = from_hex("72");
  const Bytes signature = from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  for (const DigestRow& row : digests()) {
    CHECK(verify_signature(key, SignatureScheme::kEd25519, row.digest, message, signature));
  }
  const Workshop shop;
  const auto made = signing_key(shop, "-algorithm ED25519");
  check_only_this(made, SignatureScheme::kEd25519, Digest::kSha256,
                  shop.must("openssl pkeyutl -sign -inkey key.pem -rawin -in message"));
}

TEST_CASE("A signature of another key, or under a scheme of another family, does not verify") {
  const Workshop rsa_shop;
  const Workshop ec_shop;
  const Workshop ed_shop;
  const auto rsa = signing_key(rsa_shop, kRsa);
  const auto ec = signing_key(ec_shop, on_curve("P-256"));
  const auto ed = signing_key(ed_shop, "-algorithm ED25519");
  const Bytes by_rsa = plain(rsa_shop, "sha256");
  const Bytes by_ec = plain(ec_shop, "sha256");
  const Bytes by_ed = ed_shop.must("openssl pkeyutl -sign -inkey key.pem -rawin -in message");
  using enum SignatureScheme;
  for (const Bytes& signature : {by_rsa, by_ec, by_ed}) {
    for (const SignatureScheme scheme : {kRsaPss, kRsaPkcs1, kEcdsa, kEd25519}) {
      const bool rsa_fits = scheme == kRsaPkcs1 && signature == by_rsa;
      CHECK(verifies(rsa, scheme, Digest::kSha256, signature) == rsa_fits);
      CHECK(verifies(ec, scheme, Digest::kSha256, signature) ==
            (scheme == kEcdsa && signature == by_ec));
      CHECK(verifies(ed, scheme, Digest::kSha256, signature) ==
            (scheme == kEd25519 && signature == by_ed));
    }
  }
  const Workshop others;
  CHECK_FALSE(verifies(signing_key(others, kRsa), kRsaPkcs1, Digest::kSha256, by_rsa));
  CHECK_FALSE(verifies(signing_key(others, on_curve("P-256")), kEcdsa, Digest::kSha256, by_ec));
  CHECK_FALSE(
      verifies(signing_key(others, "-algorithm ED25519"), kEd25519, Digest::kSha256, by_ed));
}

TEST_CASE("A modulus too small for the digest makes no signature verify") {
  const Workshop shop;
  const auto key = signing_key(shop, "-algorithm RSA -pkeyopt rsa_keygen_bits:512");
  CHECK_FALSE(verifies(key, SignatureScheme::kRsaPss, Digest::kSha512, Bytes(64, 1)));
  CHECK_FALSE(verifies(key, SignatureScheme::kRsaPkcs1, Digest::kSha512, Bytes(64, 1)));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
