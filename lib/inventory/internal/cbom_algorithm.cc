#include "inventory/internal/cbom_algorithm.h"

#include <fmt/format.h>

namespace keyrite::inventory {

namespace {

using registry::Usage;

constexpr unsigned kEd25519Bits = 256;

// The words of the schema. A wrap encrypts a key; Ed25519 and EC keys sign or derive.
const char* primitive_of(const KeyType& type, Usage usage) {
  switch (usage) {
    case Usage::kSign:
      return "signature";
    case Usage::kMac:
      return "mac";
    case Usage::kDerive:
      return type.is_secret() ? "kdf" : "key-agree";
    case Usage::kWrap:
    case Usage::kEncrypt:
      return type.is_secret() ? "block-cipher" : "pke";
  }
  return "unknown";
}

Json functions_of(Usage usage) {
  switch (usage) {
    case Usage::kSign:
      return {"sign", "verify"};
    case Usage::kMac:
      return {"tag"};
    case Usage::kDerive:
      return {"keyderive"};
    case Usage::kWrap:
    case Usage::kEncrypt:
      return {"encrypt", "decrypt"};
  }
  return {"unknown"};
}

}  // namespace

unsigned key_bits(const KeyType& type) {
  switch (type.family) {
    case KeyFamily::kAes:
    case KeyFamily::kRsa:
      return type.size;
    case KeyFamily::kGenericSecret:
      return type.size * 8;
    case KeyFamily::kEd25519:
      return kEd25519Bits;
    case KeyFamily::kEc:
      break;
  }
  // The field of P-521 has 521 bits, and 66 bytes.
  return type.curve == Curve::kP521 ? 521 : curve_info(type.curve).field_bytes * 8;
}

std::string algorithm_ref(const KeyType& type, Usage usage) {
  return fmt::format("algorithm/{}/{}", type.name(), registry::word(usage));
}

Json algorithm_component(const KeyType& type, Usage usage) {
  Json properties{{"primitive", primitive_of(type, usage)},
                  {"parameterSetIdentifier", std::to_string(key_bits(type))},
                  {"executionEnvironment", "hardware"},
                  {"cryptoFunctions", functions_of(usage)}};
  if (type.family == KeyFamily::kEc) properties["curve"] = curve_info(type.curve).jwk;
  if (type.family == KeyFamily::kEd25519) properties["curve"] = "Ed25519";
  return {{"type", "cryptographic-asset"},
          {"bom-ref", algorithm_ref(type, usage)},
          {"name", type.name()},
          {"cryptoProperties",
           {{"assetType", "algorithm"}, {"algorithmProperties", std::move(properties)}}}};
}

}  // namespace keyrite::inventory
