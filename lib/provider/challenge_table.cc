#include "provider/challenge_table.h"

namespace keyrite::provider {
namespace {

using enum Operation;
using enum crypto::Digest;

constexpr std::optional<crypto::Digest> kNone =
    std::nullopt;  // the operation has no hash, or fixes it

// AWS KMS API: GenerateMac, Sign, DeriveSharedSecret and Decrypt by KeySpec and KeyUsage. One
// signature algorithm per key is enough: the private key is the same.
const std::vector<ChallengeRow>& aws_rows() {
  static const std::vector<ChallengeRow> rows = [] {
    constexpr auto kCloud = Provider::kAws;
    return std::vector<ChallengeRow>{
        {kCloud, "HMAC_224", "", "GENERATE_VERIFY_MAC", "hmac-sha224", kHmac, kSha224,
         "HMAC_SHA_224"},
        {kCloud, "HMAC_256", "", "GENERATE_VERIFY_MAC", "hmac-sha256", kHmac, kSha256,
         "HMAC_SHA_256"},
        {kCloud, "HMAC_384", "", "GENERATE_VERIFY_MAC", "hmac-sha384", kHmac, kSha384,
         "HMAC_SHA_384"},
        {kCloud, "HMAC_512", "", "GENERATE_VERIFY_MAC", "hmac-sha512", kHmac, kSha512,
         "HMAC_SHA_512"},
        {kCloud, "ECC_NIST_P256", "", "SIGN_VERIFY", "sign-ecdsa-sha256", kSignature, kSha256,
         "ECDSA_SHA_256"},
        {kCloud, "ECC_NIST_P384", "", "SIGN_VERIFY", "sign-ecdsa-sha384", kSignature, kSha384,
         "ECDSA_SHA_384"},
        {kCloud, "ECC_NIST_P521", "", "SIGN_VERIFY", "sign-ecdsa-sha512", kSignature, kSha512,
         "ECDSA_SHA_512"},
        {kCloud, "ECC_NIST_P", "", "KEY_AGREEMENT", "ecdh", kKeyAgreement, kNone, "ECDH"},
        {kCloud, "ECC_SECG_P256K1", "", "SIGN_VERIFY", "sign-ecdsa-sha256", kSignature, kSha256,
         "ECDSA_SHA_256"},
        {kCloud, "ECC_NIST_EDWARDS25519", "", "SIGN_VERIFY", "sign-ed25519", kSignature, kNone,
         "ED25519_SHA_512"},
        {kCloud, "RSA_", "", "SIGN_VERIFY", "sign-rsa-pss-sha256", kSignature, kSha256,
         "RSASSA_PSS_SHA_256"},
        {kCloud, "RSA_", "", "ENCRYPT_DECRYPT", "rsa-oaep-sha256-decrypt", kRsaOaepEncrypt, kSha256,
         "RSAES_OAEP_SHA_256"},
    };
  }();
  return rows;
}

// Azure Key Vault: encrypt, decrypt, wrapKey and sign. CBC and KW are deterministic; the IV of a
// GCM encryption is the service's own, so there the cloud decrypts. Whether HS256 takes the message
// or its digest is not written anywhere: both readings are expected.
const std::vector<ChallengeRow>& azure_rows() {
  static const std::vector<ChallengeRow> rows = [] {
    constexpr auto kCloud = Provider::kAzure;
    return std::vector<ChallengeRow>{
        {kCloud, "aes-", "", "encrypt", "aes-cbc", kAesCbcEncrypt, kNone, "A*CBC"},
        {kCloud, "aes-", "", "wrapKey", "aes-kw", kAesKeyWrap, kNone, "A*KW"},
        {kCloud, "aes-", "", "decrypt", "aes-gcm-decrypt", kAesGcmEncrypt, kNone, "A*GCM"},
        {kCloud, "generic-secret-", "", "sign", "hs256", kHmac, kSha256, "HS256"},
        {kCloud, "generic-secret-", "", "sign", "hs256-of-digest", kHmac, kSha256, "HS256", true},
        {kCloud, "generic-secret-", "", "sign", "hs384", kHmac, kSha384, "HS384"},
        {kCloud, "generic-secret-", "", "sign", "hs384-of-digest", kHmac, kSha384, "HS384", true},
        {kCloud, "generic-secret-", "", "sign", "hs512", kHmac, kSha512, "HS512"},
        {kCloud, "generic-secret-", "", "sign", "hs512-of-digest", kHmac, kSha512, "HS512", true},
        {kCloud, "rsa-", "", "sign", "sign-rsa-pss-sha256", kSignature, kSha256, "PS256"},
        {kCloud, "rsa-", "", "decrypt", "rsa-oaep-sha256-decrypt", kRsaOaepEncrypt, kSha256,
         "RSA-OAEP-256"},
        {kCloud, "ec-p256", "", "sign", "sign-ecdsa-sha256", kSignature, kSha256, "ES256"},
        {kCloud, "ec-p384", "", "sign", "sign-ecdsa-sha384", kSignature, kSha384, "ES384"},
        {kCloud, "ec-p521", "", "sign", "sign-ecdsa-sha512", kSignature, kSha512, "ES512"},
        {kCloud, "ec-secp256k1", "", "sign", "sign-ecdsa-sha256", kSignature, kSha256, "ES256K"},
    };
  }();
  return rows;
}

// Google Cloud KMS: the algorithm fixes the operation and its hash. rsa-sign-raw-pkcs1 takes a
// ready DigestInfo.
const std::vector<ChallengeRow>& google_rows() {
  static const std::vector<ChallengeRow> rows = [] {
    constexpr auto kCloud = Provider::kGoogle;
    return std::vector<ChallengeRow>{
        {kCloud, "hmac-sha1", "", "", "hmac-sha1", kHmac, kSha1, ""},
        {kCloud, "hmac-sha224", "", "", "hmac-sha224", kHmac, kSha224, ""},
        {kCloud, "hmac-sha256", "", "", "hmac-sha256", kHmac, kSha256, ""},
        {kCloud, "hmac-sha384", "", "", "hmac-sha384", kHmac, kSha384, ""},
        {kCloud, "hmac-sha512", "", "", "hmac-sha512", kHmac, kSha512, ""},
        {kCloud, "aes-", "-cbc", "", "aes-cbc", kAesCbcEncrypt, kNone, ""},
        {kCloud, "aes-", "-ctr", "", "aes-ctr", kAesCtrEncrypt, kNone, ""},
        {kCloud, "aes-", "-gcm", "", "aes-gcm-decrypt", kAesGcmEncrypt, kNone, ""},
        {kCloud, "ec-sign-p256-sha256", "", "", "sign-ecdsa-sha256", kSignature, kSha256, ""},
        {kCloud, "ec-sign-p384-sha384", "", "", "sign-ecdsa-sha384", kSignature, kSha384, ""},
        {kCloud, "ec-sign-secp256k1-sha256", "", "", "sign-ecdsa-sha256", kSignature, kSha256, ""},
        {kCloud, "ec-sign-ed25519", "", "", "sign-ed25519", kSignature, kNone, ""},
        {kCloud, "rsa-sign-pss-", "-sha256", "", "sign-rsa-pss-sha256", kSignature, kSha256, ""},
        {kCloud, "rsa-sign-pss-", "-sha512", "", "sign-rsa-pss-sha512", kSignature, kSha512, ""},
        {kCloud, "rsa-sign-pkcs1-", "-sha256", "", "sign-rsa-pkcs1-sha256", kSignature, kSha256,
         ""},
        {kCloud, "rsa-sign-pkcs1-", "-sha512", "", "sign-rsa-pkcs1-sha512", kSignature, kSha512,
         ""},
        {kCloud, "rsa-sign-raw-pkcs1-", "", "", "sign-rsa-pkcs1-sha256", kSignature, kNone, "",
         true},
        {kCloud, "rsa-decrypt-oaep-", "-sha512", "", "rsa-oaep-sha512-decrypt", kRsaOaepEncrypt,
         kSha512, ""},
        {kCloud, "rsa-decrypt-oaep-", "-sha1", "", "rsa-oaep-sha1-decrypt", kRsaOaepEncrypt, kSha1,
         ""},
        {kCloud, "rsa-decrypt-oaep-", "-sha256", "", "rsa-oaep-sha256-decrypt", kRsaOaepEncrypt,
         kSha256, ""},
    };
  }();
  return rows;
}

}  // namespace

const std::vector<ChallengeRow>& challenge_rows() {
  static const std::vector<ChallengeRow> all = [] {
    std::vector<ChallengeRow> rows = aws_rows();
    rows.insert(rows.end(), azure_rows().begin(), azure_rows().end());
    rows.insert(rows.end(), google_rows().begin(), google_rows().end());
    return rows;
  }();
  return all;
}

}  // namespace keyrite::provider
