// manifest.json: what a bundle is, where it came from, and the size and SHA-256 of every other file
// in it. It states only what was read back or found by test. What it says about key, wrap and token
// is its core. The core's SHA-256 is in it, in import.sh in other letters, and in the log.
// Normative: docs/formats/bundle.md. Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/key_origin.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "crypto/check_value.h"
#include "provider/expected.h"
#include "provider/provider.h"

namespace keyrite::bundle {

inline constexpr std::string_view kManifestFormat = "keyrite-bundle";
inline constexpr int kManifestVersion = 3;
inline constexpr int kFirstManifestVersion = 1;  // read still: without origin, checked and core
inline constexpr int kFirstManifestVersionWithCore = 2;  // read still: without the basis
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

// Where the key came from, before this wrap.
struct Origin {
  KeyOrigin origin{KeyOrigin::kUnknown};
  // The entry of this site's log that has the key's making: there with KeyOrigin::kLogged alone.
  std::optional<std::uint64_t> log_entry{};
  // What that was judged by: {"local", "true"}, {"never-extractable", "not readable"}, ...
  NamedTexts judged_by{};
  friend bool operator==(const Origin&, const Origin&) = default;
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
  // Why it is believed to be the cloud's. Versions 1 and 2 say whether it was compared, and no
  // more; unset: it was not.
  std::optional<WrappingKeyBasis> basis{};
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
  int version{kManifestVersion};
  provider::Provider provider{};
  provider::Purpose purpose{provider::Purpose::kImport};
  TimePoint created{};
  std::optional<TimePoint> valid_until{};  // of the import parameters; unset: they do not expire
  std::string tool{};                      // "keyrite 1.0.0"
  KeyRecord key{};
  Origin origin{};  // version 1: not said
  CloudRecord cloud{};
  WrappingAlgorithm algorithm{};
  Method method{};
  Custody custody{};
  std::optional<WrapCheck> checked{};  // of this very blob; version 1: not said
  WrappingKeyRecord wrapping_key{};
  Json import_parameters =
      Json::object();  // what the provider's file said, without tokens and keys
  TokenRecord token{};
  std::vector<SelfTestRow> self_test{};
  std::vector<crypto::CheckValue> check_values{};
  NamedTexts protections{};  // as observed: {"sensitive","true"}, {"extractable","not enforced"}
  std::vector<std::string> exceptions{};  // accepted by name: "padded-pkcs8"
  std::vector<std::string> unverified{};  // what no source confirms: "aws-rsa-aes-of-secret-keys"
  std::string core_sha256{};              // lower-case hex; version 1: empty
  std::vector<ManifestFile> files{};      // every file but manifest.json, sorted by name
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// Always of version 3; `core_sha256` as the value has it.
[[nodiscard]] Json to_json(const Manifest& manifest);

// SHA-256, in lower-case hex, of the canonical JSON (RFC 8785) of a manifest without its members
// `core_sha256` and `files`: of what it says and not of the files, so that a file can have it in
// itself. Error kInternal "json-not-canonical" (a key that is not ASCII, a fraction).
[[nodiscard]] std::string core_sha256_of(const Json& document);

// Strict, as expected_from_json; versions 1 and 2 are read too. Errors kConfig: "manifest-format",
// "manifest-version", "manifest-unknown-field", "manifest-invalid" (also: unsorted or unsafe file
// names, custody or check that do not follow from the method, a log entry without
// KeyOrigin::kLogged), and those of base/json.h. Does not check that `core_sha256` is right.
[[nodiscard]] Manifest manifest_from_json(const Json& document, std::string_view origin);

}  // namespace keyrite::bundle
