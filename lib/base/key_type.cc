#include "base/key_type.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

constexpr unsigned kMinSecretBytes = 20;
constexpr unsigned kMaxSecretBytes = 128;
constexpr std::string_view kSecretPrefix = "generic-secret-";
constexpr std::string_view kSecretSuffix = "-bytes";

// DER of the curves' object identifiers (RFC 5480 section 2.1.1.1, SEC 2).
constexpr std::array<std::uint8_t, 10> kP256{0x06, 0x08, 0x2a, 0x86, 0x48,
                                             0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 7> kP384{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<std::uint8_t, 7> kP521{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23};
constexpr std::array<std::uint8_t, 7> kSecp256k1{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a};

[[noreturn]] void unknown_type(std::string_view name) {
  throw Error(Kind::kUsage, "key-type-unknown",
              fmt::format("\"{}\" is not a key type that keyrite knows", printable(name)),
              "key types are aes-128, aes-192, aes-256, generic-secret-N-bytes (N = 20 to 128), "
              "rsa-2048, rsa-3072, "
              "rsa-4096, ec-p256, ec-p384, ec-p521, ec-secp256k1 and ed25519");
}

KeyType parse_generic_secret(std::string_view name) {
  std::string_view digits = name.substr(kSecretPrefix.size());
  digits.remove_suffix(kSecretSuffix.size());
  const bool number =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  // One name for one type: "032" is none.
  if (!number || (digits.size() > 1 && digits.front() == '0')) unknown_type(name);
  unsigned bytes = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (failure != std::errc() || bytes < kMinSecretBytes || bytes > kMaxSecretBytes) {
    throw Error(Kind::kUsage, "generic-secret-length",
                fmt::format("a generic secret of {} bytes is outside {} to {} bytes", digits,
                            kMinSecretBytes, kMaxSecretBytes),
                "give the length in bytes: HMAC-SHA-256 usually takes generic-secret-32-bytes");
  }
  return {.family = KeyFamily::kGenericSecret, .size = bytes};
}

}  // namespace

const std::vector<CurveInfo>& curves() {
  static const std::vector<CurveInfo> table{
      {Curve::kP256, "ec-p256", "P-256", "prime256v1", "1.2.840.10045.3.1.7", kP256, 32},
      {Curve::kP384, "ec-p384", "P-384", "secp384r1", "1.3.132.0.34", kP384, 48},
      {Curve::kP521, "ec-p521", "P-521", "secp521r1", "1.3.132.0.35", kP521, 66},
      {Curve::kSecp256k1, "ec-secp256k1", "P-256K", "secp256k1", "1.3.132.0.10", kSecp256k1, 32},
  };
  return table;
}

const CurveInfo& curve_info(Curve curve) {
  const auto& table = curves();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const CurveInfo& c) { return c.curve == curve; });
  if (row == table.end())
    throw Error(Kind::kInternal, "no-curve", "a key without a curve was asked for its curve");
  return *row;
}

unsigned KeyType::secret_bytes() const {
  if (family == KeyFamily::kAes) return size / 8;
  return family == KeyFamily::kGenericSecret ? size : 0;
}

std::string KeyType::name() const {
  switch (family) {
    case KeyFamily::kAes:
      return fmt::format("aes-{}", size);
    case KeyFamily::kGenericSecret:
      return fmt::format("{}{}{}", kSecretPrefix, size, kSecretSuffix);
    case KeyFamily::kRsa:
      return fmt::format("rsa-{}", size);
    case KeyFamily::kEc:
      return std::string(curve_info(curve).name);
    case KeyFamily::kEd25519:
      return "ed25519";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key type has no family");
}

KeyType parse_key_type(std::string_view name) {
  if (name.size() > kSecretPrefix.size() + kSecretSuffix.size() &&
      name.starts_with(kSecretPrefix) && name.ends_with(kSecretSuffix)) {
    return parse_generic_secret(name);
  }
  for (const auto& type : all_key_types()) {
    if (type.name() == name) return type;
  }
  unknown_type(name);
}

const std::vector<KeyType>& all_key_types() {
  static const std::vector<KeyType> types = [] {
    std::vector<KeyType> all;
    for (const unsigned bits : {128U, 192U, 256U})
      all.push_back({.family = KeyFamily::kAes, .size = bits});
    for (const unsigned bytes : {20U, 28U, 32U, 48U, 64U, 128U}) {
      all.push_back({.family = KeyFamily::kGenericSecret, .size = bytes});
    }
    for (const unsigned bits : {2048U, 3072U, 4096U})
      all.push_back({.family = KeyFamily::kRsa, .size = bits});
    for (const auto& curve : curves())
      all.push_back({.family = KeyFamily::kEc, .curve = curve.curve});
    all.push_back({.family = KeyFamily::kEd25519});
    return all;
  }();
  return types;
}

}  // namespace keyrite
