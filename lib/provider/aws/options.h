// What the operator says about an import into AWS KMS. Plain values in the cloud's own words.
#pragma once

#include <optional>
#include <string>

namespace keyrite::provider::aws {

struct ImportOptions {
  // Of the parameters. AWS echoes neither of the first two; the size can be read from the key.
  std::optional<std::string> wrapping_algorithm{};  // "RSAES_OAEP_SHA_256"; always required
  std::optional<std::string> wrapping_key_spec{};   // "RSA_4096": compared with the wrapping key
  std::optional<std::string> key_id{};  // ARN or id; compared with the file's; needed without JSON
  std::optional<std::string> parameters_valid_to{};  // RFC 3339; needed without JSON
  // Of the import.
  std::optional<std::string> key_spec{};          // default by key type
  std::optional<std::string> key_usage{};         // default by key spec
  std::optional<std::string> expiration_model{};  // default KEY_MATERIAL_DOES_NOT_EXPIRE
  std::optional<std::string> valid_to{};          // RFC 3339, with KEY_MATERIAL_EXPIRES
  std::optional<std::string> import_type{};       // NEW_KEY_MATERIAL, EXISTING_KEY_MATERIAL
  std::optional<std::string> key_material_id{};   // 64 lower-case hex digits
  std::optional<std::string> key_material_description{};
  std::optional<std::string> region{};   // default: the ARN's
  std::optional<std::string> profile{};  // of the aws command's configuration
  // Of the KMS key: a multi-Region primary one, or the replica of the one in that Region.
  bool multi_region{false};
  std::optional<std::string> replica_of{};
};

}  // namespace keyrite::provider::aws
