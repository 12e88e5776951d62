#include "provider/signature_check.h"

#include <array>

#include "crypto/signature.h"

namespace keyrite::provider {
namespace {

struct SchemeRow {
  std::string_view id{};
  crypto::SignatureScheme scheme{};
  crypto::Digest digest{};
};

using crypto::Digest;
using crypto::SignatureScheme;

constexpr std::array<SchemeRow, 8> kSchemes{{
    {"sign-rsa-pss-sha256", SignatureScheme::kRsaPss, Digest::kSha256},
    {"sign-rsa-pss-sha512", SignatureScheme::kRsaPss, Digest::kSha512},
    {"sign-rsa-pkcs1-sha256", SignatureScheme::kRsaPkcs1, Digest::kSha256},
    {"sign-rsa-pkcs1-sha512", SignatureScheme::kRsaPkcs1, Digest::kSha512},
    {"sign-ecdsa-sha256", SignatureScheme::kEcdsa, Digest::kSha256},
    {"sign-ecdsa-sha384", SignatureScheme::kEcdsa, Digest::kSha384},
    {"sign-ecdsa-sha512", SignatureScheme::kEcdsa, Digest::kSha512},
    {"sign-ed25519", SignatureScheme::kEd25519, Digest::kSha512},
}};

// SEQUENCE of two INTEGERs of at most field + 1 bytes (RFC 3279 2.2.3), its length in one byte or
// after 0x81.
bool is_ecdsa_der(ByteView signature, std::size_t field) {
  if (signature.size() < 8 || signature[0] != 0x30) {
    return false;
  }
  const bool long_form = signature[1] == 0x81;
  const std::size_t head = long_form ? 3 : 2;
  const std::size_t length = signature[long_form ? 2 : 1];
  return length + head == signature.size() && length <= 2 * (field + 1 + 2);
}

}  // namespace

bool signature_size_fits(const crypto::PublicKey& key, ByteView signature) {
  const KeyType type = key.type();
  switch (type.family) {
    case KeyFamily::kRsa:
      return signature.size() == (key.rsa_bits() + 7) / 8;
    case KeyFamily::kEd25519:
      return signature.size() == 64;
    case KeyFamily::kEc: {
      const std::size_t field = curve_info(type.curve).field_bytes;
      return signature.size() == 2 * field || is_ecdsa_der(signature, field);
    }
    case KeyFamily::kAes:
    case KeyFamily::kGenericSecret:
      break;
  }
  return false;
}

bool signature_verifies(const crypto::PublicKey& key, std::string_view id, ByteView message,
                        ByteView signature) {
  for (const SchemeRow& row : kSchemes) {
    if (row.id == id) {
      return crypto::verify_signature(key, row.scheme, row.digest, message, signature);
    }
  }
  return false;
}

}  // namespace keyrite::provider
