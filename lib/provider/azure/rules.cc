#include "provider/rule_tables.h"

namespace keyrite::provider::azure {
namespace {

constexpr auto kCloud = Provider::kAzure;

KeyRule row(KeyFamily family, unsigned min_size, unsigned max_size, Curve curve,
            Plaintext plaintext, CloudType type) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = min_size, .max_size = max_size};
  rule.curve = curve;
  rule.plaintext = plaintext;
  rule.cloud_types = {std::move(type)};
  // The BYOK specification knows one transport.
  rule.transports = {{.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha1}}};
  return rule;
}

KeyRule hmac(unsigned min_size, unsigned max_size) {
  return row(KeyFamily::kGenericSecret, min_size, max_size, Curve::kNone, Plaintext::kRawBytes,
             {"oct", {"sign", "verify"}});
}

}  // namespace

// az takes RSA, EC and oct for --kty and appends -HSM itself. An HMAC key is an oct key.
std::vector<KeyRule> make_key_rules() {
  using enum KeyFamily;
  const CloudType oct{"oct", {"encrypt", "decrypt", "wrapKey", "unwrapKey"}};
  const CloudType rsa{"RSA", {"encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify"}};
  const CloudType ec{"EC", {"sign", "verify"}};
  KeyRule other_hmac = hmac(20, 128);
  other_hmac.standing = Standing::kUnverified;
  other_hmac.point = "azure-oct-hmac-length";
  other_hmac.reason = "Azure documents oct keys of 128, 192 and 256 bits only";
  KeyRule ed25519{.provider = kCloud, .family = kEd25519};
  ed25519.standing = Standing::kRefused;
  ed25519.reason = "Azure cannot import Ed25519 keys";
  return {
      row(kAes, 128, 128, Curve::kNone, Plaintext::kRawBytes, oct),
      row(kAes, 192, 192, Curve::kNone, Plaintext::kRawBytes, oct),
      row(kAes, 256, 256, Curve::kNone, Plaintext::kRawBytes, oct),
      hmac(24, 24),
      hmac(32, 32),
      other_hmac,
      row(kRsa, 2048, 2048, Curve::kNone, Plaintext::kPkcs8, rsa),
      row(kRsa, 3072, 3072, Curve::kNone, Plaintext::kPkcs8, rsa),
      row(kRsa, 4096, 4096, Curve::kNone, Plaintext::kPkcs8, rsa),
      row(kEc, 0, 0, Curve::kP256, Plaintext::kPkcs8, ec),
      row(kEc, 0, 0, Curve::kP384, Plaintext::kPkcs8, ec),
      row(kEc, 0, 0, Curve::kP521, Plaintext::kPkcs8, ec),
      row(kEc, 0, 0, Curve::kSecp256k1, Plaintext::kPkcs8, ec),
      ed25519,
  };
}

}  // namespace keyrite::provider::azure
