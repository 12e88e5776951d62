#include "provider/rule_tables.h"

namespace keyrite::provider::google {
namespace {

constexpr auto kCloud = Provider::kGoogle;
constexpr std::string_view kEncryption = "encryption";
constexpr std::string_view kRawEncryption = "raw-encryption";
constexpr std::string_view kSigning = "asymmetric-signing";
constexpr std::string_view kDecryption = "asymmetric-encryption";
constexpr std::string_view kMac = "mac";

// The import methods of the API: RSA keys are too long for the direct ones.
const std::vector<TransportRule>& rsa_aes_transports() {
  static const std::vector<TransportRule> rules{
      {.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha256}},
      {.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha1}}};
  return rules;
}
const std::vector<TransportRule>& all_transports() {
  static const std::vector<TransportRule> rules = [] {
    std::vector<TransportRule> all = rsa_aes_transports();
    all.push_back({.algorithm = {Scheme::kRsaOaep, Hash::kSha256}});
    return all;
  }();
  return rules;
}

KeyRule row(KeyFamily family, unsigned size, std::vector<CloudType> types) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = size, .max_size = size};
  const bool secret = family == KeyFamily::kAes || family == KeyFamily::kGenericSecret;
  rule.plaintext = secret ? Plaintext::kRawBytes : Plaintext::kPkcs8;
  rule.cloud_types = std::move(types);
  rule.transports = family == KeyFamily::kRsa ? rsa_aes_transports() : all_transports();
  return rule;
}

KeyRule curve_row(Curve curve, std::string_view algorithm) {
  KeyRule rule = row(KeyFamily::kEc, 0, {{algorithm, {kSigning}}});
  rule.curve = curve;
  return rule;
}

KeyRule refused(KeyFamily family, unsigned min_size, unsigned max_size, Curve curve,
                std::string_view reason) {
  KeyRule rule{.provider = kCloud, .family = family, .min_size = min_size, .max_size = max_size};
  rule.curve = curve;
  rule.standing = Standing::kRefused;
  rule.reason = reason;
  return rule;
}

std::vector<CloudType> rsa2048_types() {
  return {{"rsa-decrypt-oaep-2048-sha256", {kDecryption}},
          {"rsa-decrypt-oaep-2048-sha1", {kDecryption}},
          {"rsa-sign-pss-2048-sha256", {kSigning}},
          {"rsa-sign-pkcs1-2048-sha256", {kSigning}},
          {"rsa-sign-raw-pkcs1-2048", {kSigning}}};
}
std::vector<CloudType> rsa3072_types() {
  return {{"rsa-decrypt-oaep-3072-sha256", {kDecryption}},
          {"rsa-decrypt-oaep-3072-sha1", {kDecryption}},
          {"rsa-sign-pss-3072-sha256", {kSigning}},
          {"rsa-sign-pkcs1-3072-sha256", {kSigning}},
          {"rsa-sign-raw-pkcs1-3072", {kSigning}}};
}
std::vector<CloudType> rsa4096_types() {
  return {{"rsa-decrypt-oaep-4096-sha256", {kDecryption}},
          {"rsa-decrypt-oaep-4096-sha512", {kDecryption}},
          {"rsa-decrypt-oaep-4096-sha1", {kDecryption}},
          {"rsa-sign-pss-4096-sha256", {kSigning}},
          {"rsa-sign-pss-4096-sha512", {kSigning}},
          {"rsa-sign-pkcs1-4096-sha256", {kSigning}},
          {"rsa-sign-pkcs1-4096-sha512", {kSigning}},
          {"rsa-sign-raw-pkcs1-4096", {kSigning}}};
}

}  // namespace

std::vector<KeyRule> make_key_rules() {
  using enum KeyFamily;
  return {
      row(kAes, 128,
          {{"aes-128-gcm", {kRawEncryption}},
           {"aes-128-cbc", {kRawEncryption}},
           {"aes-128-ctr", {kRawEncryption}}}),
      refused(kAes, 192, 192, Curve::kNone, "Google has no algorithm with AES-192"),
      row(kAes, 256,
          {{"google-symmetric-encryption", {kEncryption}},
           {"aes-256-gcm", {kRawEncryption}},
           {"aes-256-cbc", {kRawEncryption}},
           {"aes-256-ctr", {kRawEncryption}}}),
      row(kGenericSecret, 20, {{"hmac-sha1", {kMac}}}),
      row(kGenericSecret, 28, {{"hmac-sha224", {kMac}}}),
      row(kGenericSecret, 32, {{"hmac-sha256", {kMac}}}),
      row(kGenericSecret, 48, {{"hmac-sha384", {kMac}}}),
      row(kGenericSecret, 64, {{"hmac-sha512", {kMac}}}),
      refused(kGenericSecret, 20, 128, Curve::kNone,
              "Google accepts HMAC keys only if they have the length of their hash: 20, 28, 32, 48 "
              "or 64 bytes"),
      row(kRsa, 2048, rsa2048_types()),
      row(kRsa, 3072, rsa3072_types()),
      row(kRsa, 4096, rsa4096_types()),
      curve_row(Curve::kP256, "ec-sign-p256-sha256"),
      curve_row(Curve::kP384, "ec-sign-p384-sha384"),
      refused(kEc, 0, 0, Curve::kP521, "Google Cloud KMS has no P-521"),
      curve_row(Curve::kSecp256k1, "ec-sign-secp256k1-sha256"),
      row(kEd25519, 0, {{"ec-sign-ed25519", {kSigning}}}),
  };
}

}  // namespace keyrite::provider::google
