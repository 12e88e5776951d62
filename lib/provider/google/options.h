// What the operator says about an import into Google Cloud KMS. Plain values in gcloud's own words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keyrite::provider::google {

struct ImportOptions {
  // Of the parameters: needed beside a PEM, else compared with the job's.
  std::optional<std::string> import_method{};        // "rsa-oaep-3072-sha256-aes-256"
  std::optional<std::string> import_job{};           // its short name
  std::optional<std::string> parameters_valid_to{};  // RFC 3339: the job's expireTime
  std::optional<std::string> project{};
  std::optional<std::string> location{};
  std::optional<std::string> keyring{};
  std::optional<std::string> protection_level{};  // "software", "hsm", "hsm-single-tenant"
  // Of the import.
  std::optional<std::string> key{};        // name of the CryptoKey; default: the label
  std::optional<std::string> algorithm{};  // "google-symmetric-encryption"; default by key type
  std::optional<std::string> purpose{};    // default by algorithm
  std::optional<std::string> version{};    // re-import into this destroyed or failed version
  std::optional<std::string> destroy_scheduled_duration{};  // of a key made by the script: "24h"
  bool keep_primary{false};  // do not make the imported version the primary one
};

// "EC_SIGN_P256_SHA256" and "HSM" of the API as gcloud spells them: "ec-sign-p256-sha256".
[[nodiscard]] std::string option_spelling(std::string_view name);

}  // namespace keyrite::provider::google
