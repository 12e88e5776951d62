#include "provider/rule_tables.h"

namespace keyrite::provider::aws {
namespace {

constexpr auto kCloud = Provider::kAws;
constexpr WrappingAlgorithm kOaepSha1{Scheme::kRsaOaep, Hash::kSha1};
constexpr WrappingAlgorithm kOaepSha256{Scheme::kRsaOaep, Hash::kSha256};
constexpr WrappingAlgorithm kRsaAesSha1{Scheme::kRsaAesKeyWrap, Hash::kSha1};
constexpr WrappingAlgorithm kRsaAesSha256{Scheme::kRsaAesKeyWrap, Hash::kSha256};

// The Developer Guide's walk-through wraps symmetric keys this way too, the API text leaves it out.
constexpr std::string_view kSecretPoint = "aws-rsa-aes-of-secret-keys";
constexpr std::string_view kSecretReason =
    "the AWS API documents RSA_AES_KEY_WRAP for private keys only, and RSAES_OAEP for this type";

const std::vector<TransportRule>& secret_transports() {
  static const std::vector<TransportRule> rules{
      {.algorithm = kOaepSha256},
      {.algorithm = kOaepSha1},
      {kRsaAesSha256, Standing::kUnverified, kSecretPoint, kSecretReason},
      {kRsaAesSha1, Standing::kUnverified, kSecretPoint, kSecretReason}};
  return rules;
}
const std::vector<TransportRule>& rsa_transports() {
  static const std::vector<TransportRule> rules{{.algorithm = kRsaAesSha256},
                                                {.algorithm = kRsaAesSha1}};
  return rules;
}
const std::vector<TransportRule>& ec_transports() {
  static const std::vector<TransportRule> rules{{.algorithm = kRsaAesSha256},
                                                {.algorithm = kRsaAesSha1},
                                                {.algorithm = kOaepSha256},
                                                {.algorithm = kOaepSha1}};
  return rules;
}

KeyRule refused(KeyFamily family, unsigned min_size, unsigned max_size, std::string_view reason) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = min_size, .max_size = max_size};
  rule.standing = Standing::kRefused;
  rule.reason = reason;
  return rule;
}

KeyRule secret(KeyFamily family, unsigned min_size, unsigned max_size,
               std::vector<CloudType> types) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = min_size, .max_size = max_size};
  rule.plaintext = Plaintext::kRawBytes;
  rule.cloud_types = std::move(types);
  rule.transports = secret_transports();
  return rule;
}

KeyRule pair(KeyFamily family, unsigned size, Curve curve, CloudType type,
             const std::vector<TransportRule>& transports) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = size, .max_size = size};
  rule.curve = curve;
  rule.plaintext = Plaintext::kPkcs8;
  rule.cloud_types = {std::move(type)};
  rule.transports = transports;
  return rule;
}

CloudType rsa_type(std::string_view spec) { return {spec, {"ENCRYPT_DECRYPT", "SIGN_VERIFY"}}; }
CloudType nist_type(std::string_view spec) { return {spec, {"SIGN_VERIFY", "KEY_AGREEMENT"}}; }

}  // namespace

// The length of HMAC material is a range per KeySpec, so one key can fit several specs; the default
// is the longest hash that it fits.
std::vector<KeyRule> make_key_rules() {
  using enum KeyFamily;
  const CloudType hmac224{"HMAC_224", {"GENERATE_VERIFY_MAC"}};
  const CloudType hmac256{"HMAC_256", {"GENERATE_VERIFY_MAC"}};
  const CloudType hmac384{"HMAC_384", {"GENERATE_VERIFY_MAC"}};
  const CloudType hmac512{"HMAC_512", {"GENERATE_VERIFY_MAC"}};
  const CloudType secp256k1{"ECC_SECG_P256K1", {"SIGN_VERIFY"}};
  KeyRule ed25519 =
      pair(kEd25519, 0, Curve::kNone, {"ECC_NIST_EDWARDS25519", {"SIGN_VERIFY"}}, ec_transports());
  ed25519.standing = Standing::kUnverified;
  ed25519.point = "aws-ed25519";
  ed25519.reason = "AWS has the key spec, but no list of importable material names Ed25519";
  return {
      secret(kAes, 256, 256, {{"SYMMETRIC_DEFAULT", {"ENCRYPT_DECRYPT"}}}),
      refused(kAes, 128, 192, "AWS accepts symmetric keys of 256 bits only"),
      refused(kGenericSecret, 20, 27, "AWS accepts HMAC keys of 28 to 128 bytes"),
      secret(kGenericSecret, 28, 31, {hmac224}),
      secret(kGenericSecret, 32, 47, {hmac256, hmac224}),
      secret(kGenericSecret, 48, 63, {hmac384, hmac256, hmac224}),
      secret(kGenericSecret, 64, 128, {hmac512, hmac384, hmac256, hmac224}),
      pair(kRsa, 2048, Curve::kNone, rsa_type("RSA_2048"), rsa_transports()),
      pair(kRsa, 3072, Curve::kNone, rsa_type("RSA_3072"), rsa_transports()),
      pair(kRsa, 4096, Curve::kNone, rsa_type("RSA_4096"), rsa_transports()),
      pair(kEc, 0, Curve::kP256, nist_type("ECC_NIST_P256"), ec_transports()),
      pair(kEc, 0, Curve::kP384, nist_type("ECC_NIST_P384"), ec_transports()),
      pair(kEc, 0, Curve::kP521, nist_type("ECC_NIST_P521"), ec_transports()),
      pair(kEc, 0, Curve::kSecp256k1, secp256k1, ec_transports()),
      ed25519,
  };
}

}  // namespace keyrite::provider::aws
