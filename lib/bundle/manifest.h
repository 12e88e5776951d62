// manifest.json: what a bundle is, where it came from, and the size and SHA-256 of every other file
// in it. Only what was read back or found by test is stated. Normative: docs/formats/bundle.md.
// Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "crypto/check_value.h"
#include "provider/expected.h"
#include "provider/provider.h"

namespace keyrite::bundle {

inline constexpr std::string_view kManifestFormat = "keyrite-bundle";
inline constexpr int kManifestVersion = 1;
inline constexpr std::string_view kManifestFile = "manifest.json";
inline constexpr std::string_view kExpectedFile = "expected.json";
inline constexpr std::string_view kWrappingKeyFile = "wrapping-key.der";
inline constexpr std::string_view kImportScript = "import.sh";
inline constexpr std::string_view kChallengeFile = "challenge.bin";
inline constexpr std::string_view kReadmeFile = "README.txt";

// Name and text, in the order in which they are shown.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct ManifestFile {
  std::string name{};
  std::uint64_t size{};
  std::string sha256{};  // lower-case hex
  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

// The key as it lives in the token.
struct KeyRecord {
  std::string label{};
  std::string id{};  // CKA_ID, lower-case hex
  KeyType type{};
  std::string public_key_sha256{};  // of the DER SPKI; empty for secret keys
  friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

// The key as it will be in the cloud. `key` as Expected::cloud_key.
struct CloudRecord {
  std::string key{};
  std::string algorithm{};
  NamedTexts names{};  // provider's words: {"vault","acme"}, {"keyring","prod"}, ...
  friend bool operator==(const CloudRecord&, const CloudRecord&) = default;
};

struct WrappingKeyRecord {
  std::string sha256{};  // of the DER SPKI
  unsigned bits{};
  bool compared{false};  // a person or --expect-wrapping-key confirmed the fingerprint
  friend bool operator==(const WrappingKeyRecord&, const WrappingKeyRecord&) = default;
};

// One row of the self-test that allowed the method: {"CKM_AES_KEY_WRAP_KWP", "0x0000210b", "RFC
// 5649 of a secret key", "works"}.
struct SelfTestRow {
  std::string mechanism{};
  std::string number{};
  std::string tested{};
  std::string result{};
  friend bool operator==(const SelfTestRow&, const SelfTestRow&) = default;
};

struct TokenRecord {
  std::string label{};
  std::string manufacturer{};
  std::string model{};
  std::string serial{};
  std::string firmware{};
  std::string module{};         // the file that was loaded
  std::string module_sha256{};  // empty when not taken
  friend bool operator==(const TokenRecord&, const TokenRecord&) = default;
};

struct Manifest {
  provider::Provider provider{};
  provider::Purpose purpose{provider::Purpose::kImport};
  TimePoint created{};
  std::optional<TimePoint> valid_until{};  // of the import parameters; unset: they do not expire
  std::string tool{};                      // "keyrite 1.0.0"
  KeyRecord key{};
  CloudRecord cloud{};
  WrappingAlgorithm algorithm{};
  Method method{};
  Custody custody{};
  WrappingKeyRecord wrapping_key{};
  Json import_parameters =
      Json::object();  // what the provider's file said, without tokens and keys
  TokenRecord token{};
  std::vector<SelfTestRow> self_test{};
  std::vector<crypto::CheckValue> check_values{};
  NamedTexts protections{};  // as observed: {"sensitive","true"}, {"extractable","not enforced"}
  std::vector<std::string> exceptions{};  // accepted by name: "padded-pkcs8"
  std::vector<std::string> unverified{};  // what no source confirms: "aws-rsa-aes-of-secret-keys"
  std::vector<ManifestFile> files{};      // every file but manifest.json, sorted by name
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

[[nodiscard]] Json to_json(const Manifest& manifest);
// Strict, as expected_from_json. Errors kConfig: "manifest-format", "manifest-version",
// "manifest-unknown-field", "manifest-invalid" (also: unsorted or unsafe file names, custody that
// does not follow from the method), and those of base/json.h.
[[nodiscard]] Manifest manifest_from_json(const Json& document, std::string_view origin);

}  // namespace keyrite::bundle
