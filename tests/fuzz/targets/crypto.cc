// Keys, certificates and signatures in the forms that clouds, tokens and other programs write.
#include "fuzz/targets/all.h"

#include <openssl/cms.h>
#include <openssl/x509.h>

#include <memory>

#include "crypto/certificate.h"
#include "crypto/cms_form.h"
#include "crypto/cms_signature.h"
#include "crypto/digest.h"
#include "crypto/ed25519_point.h"
#include "crypto/pkcs8.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/timestamp.h"

namespace keyrite::fuzz {

namespace {

using crypto::PublicKey;

template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

// OpenSSL's own reading, asked directly.
bool openssl_reads_key(ByteView der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return key != nullptr && at == der.data() + der.size();
}
bool openssl_reads_cms(ByteView der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>> cms(
      d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  return cms != nullptr && at == der.data() + der.size();
}

void require_stable(const PublicKey& key) {
  require(openssl_reads_key(key.spki()), "OpenSSL reads the key that we write");
  require(PublicKey::from_spki(key.spki(), "written") == key, "a key is written as it was read");
  require(PublicKey::from_pem(key.pem(), "written") == key, "PEM says the same as DER");
  static_cast<void>(key.type());
}

Bytes joined(ByteView a, ByteView b) { return concat(a, b); }

// A key of each kind, the same in each run, and a signature by it is in the corpus.
const PublicKey& signer(std::size_t which) {
  static const std::array<PublicKey, 3> keys{
      PublicKey::from_pem(as_text(fixed("signer-ec.pem")), "ec"),
      PublicKey::from_pem(as_text(fixed("signer-rsa.pem")), "rsa"),
      PublicKey::from_pem(as_text(fixed("signer-ed25519.pem")), "ed25519")};
  return keys.at(which);
}

}  // namespace

Outcome public_key(ByteView bytes) {
  const auto file = taken([&] { return PublicKey::from_file_content(bytes, "input"); });
  if (file) require_stable(*file);
  const auto der = taken([&] { return PublicKey::from_spki(bytes, "input"); });
  if (der) {
    require(openssl_reads_key(bytes), "what is taken is a key to OpenSSL");
    require(file == der, "a DER file is its DER");
  }
  return outcome_of(file.has_value());
}

// As a token or a JWK gives it: numbers and points.
Outcome key_numbers(ByteView bytes) {
  constexpr std::array<Curve, 4> kCurves{Curve::kP256, Curve::kP384, Curve::kP521,
                                         Curve::kSecp256k1};
  const std::size_t which = choice(bytes, kCurves.size() + 2);
  const auto key = taken([&] {
    if (which == kCurves.size()) return PublicKey::from_ed25519(bytes, "input");
    if (which > kCurves.size()) return PublicKey::from_rsa(bytes, crypto::kF4, "input");
    return PublicKey::from_ec_point(kCurves.at(which), bytes, "input");
  });
  static_cast<void>(crypto::ed25519_flaw(bytes));
  if (!key) return Outcome::kRefused;
  require_stable(*key);
  if (which < kCurves.size() && bytes.front() == 0x04) {
    const std::size_t half = (bytes.size() - 1) / 2;
    require(PublicKey::from_ec(kCurves.at(which), bytes.subspan(1, half), bytes.subspan(1 + half),
                               "halves") == *key,
            "a point is its coordinates");
  }
  return Outcome::kTaken;
}

Outcome pkcs8(ByteView bytes) {
  const auto info = crypto::read_pkcs8(bytes);
  if (!info) return Outcome::kRefused;
  require_stable(info->public_key);
  require(info->der_length + info->trailing_bytes == bytes.size(),
          "every byte is of the key or behind it");
  const auto again = crypto::read_pkcs8(bytes.first(info->der_length));
  require(again && again->public_key == info->public_key && again->trailing_bytes == 0,
          "what stands behind a key says nothing of it");
  return Outcome::kTaken;
}

Outcome certificate(ByteView bytes) {
  using crypto::Certificate;
  auto read = taken([&] { return Certificate::from_der(bytes, "input"); });
  if (!read) read = taken([&] { return Certificate::from_text(as_text(bytes), "input"); });
  if (!read) return Outcome::kRefused;
  require(Certificate::from_der(read->der(), "again") == *read, "a certificate is its DER");
  require_stable(read->public_key());
  static_cast<void>(read->subject());
  static_cast<void>(read->is_authority());
  static_cast<void>(read->key_identifier());
  require(!read->issuer_and_serial().empty(), "a certificate has an issuer and a number");
  static const Certificate authority =
      Certificate::from_text(as_text(fixed("approvals/ca.pem")), "ca.pem");
  const auto fault = crypto::chain_fault(*read, {authority}, std::nullopt);
  require(fault.has_value() || read->der() == authority.der() ||
              read->der() ==
                  Certificate::from_text(as_text(fixed("approvals/carol.pem")), "carol").der(),
          "no other certificate chains to the authority");
  return Outcome::kTaken;
}

Outcome cms(ByteView bytes) {
  const auto der = crypto::cms_in_der(bytes);
  if (!der) return Outcome::kRefused;
  require(openssl_reads_cms(*der), "OpenSSL reads the CMS that we give on");
  require(crypto::cms_in_der(*der) == der, "its DER is its DER");
  const auto signature = taken([&] { return crypto::parse_cms_signature(*der, "input"); });
  const auto claimed = crypto::claimed_cms_signer(*der);
  if (!signature) return Outcome::kRefused;
  require(claimed == signature->signer, "a signature is by whom it names");
  for (const Bytes& one : signature->certificates)
    static_cast<void>(taken([&] { return crypto::Certificate::from_der(one, "carried"); }));
  return Outcome::kTaken;
}

Outcome timestamp(ByteView bytes) {
  const auto reply = taken([&] { return crypto::parse_timestamp_reply(bytes, "input"); });
  if (!reply) return Outcome::kRefused;
  static const Bytes good = fixed("timestamp/reply.tsr");
  static const Bytes query = fixed("timestamp/query.tsq");
  static const Bytes content = fixed("timestamp/content");
  static const crypto::TimestampTrust trust{as_text(fixed("timestamp/ca.pem")), {}};
  const Outcome verified =
      passes([&] { crypto::require_timestamp(*reply, query, content, trust); });
  if (verified == Outcome::kTaken) {
    const auto original = crypto::parse_timestamp_reply(good, "good");
    require(reply->time == original.time && reply->imprint == original.imprint,
            "no reply verifies but what the authority signed");
  }
  return verified;
}

Outcome signature(ByteView bytes) {
  using crypto::SignatureScheme;
  const std::size_t which = choice(bytes, 4);
  constexpr std::array<SignatureScheme, 4> kSchemes{
      SignatureScheme::kEcdsa, SignatureScheme::kRsaPss, SignatureScheme::kEd25519,
      SignatureScheme::kRsaPkcs1};
  const PublicKey& key = signer(which == 3 ? 1 : which);
  const Bytes message(32, 7);
  const auto by = [&](ByteView value) {
    return crypto::verify_signature(key, kSchemes.at(which), crypto::Digest::kSha256, message,
                                    value);
  };
  const bool good = by(bytes);
  if (which == 0) {
    require(by(crypto::ecdsa_der(bytes, 32)) == good, "r || s and DER are the same signature");
  }
  if (good) require(!by(joined(bytes, Bytes(1))), "nothing stands behind a signature");
  return outcome_of(good);
}

}  // namespace keyrite::fuzz
