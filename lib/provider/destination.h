// What the key will be in the cloud: parameters, options and key type resolved into one value that
// everything later is made from (payload, commands, challenges, manifest). Every option is checked
// here, before anything is wrapped. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/key_type.h"
#include "base/key_usage.h"
#include "base/wrapping.h"
#include "provider/challenge.h"
#include "provider/parameters.h"
#include "provider/rules.h"

namespace keyrite::provider {

struct Destination {
  ImportParameters parameters;
  ImportOptions options{};  // as given, defaults filled in
  KeyType key_type{};
  std::optional<KeyUsage> usage{};  // in the token; nullopt: not known
  WrappingAlgorithm algorithm{};
  std::string key_name{};         // AWS the key id; Azure and Google the name in the cloud
  std::string cloud_key{};        // as Expected::cloud_key
  std::string cloud_algorithm{};  // AWS KeySpec, Azure kty ("oct"), Google algorithm
  CloudUse use{};                 // for challenges_for
  // The provider's words for people and manifest: {"vault","acme"}, {"key usage","SIGN_VERIFY"}.
  std::vector<std::pair<std::string, std::string>> names{};
  std::vector<std::string> remarks{};  // for people: the cloud's usage is another than the token's
  std::vector<std::string> unverified{};  // as unverified_points, and those of the options

  [[nodiscard]] Provider provider() const { return provider_of(parameters); }
};

// `label` is the key's label in the token: the default name in the cloud. `usage` decides where the
// cloud leaves a choice and the options say nothing: an RSA key to sign, or to decrypt. `now`: for
// dates that must lie ahead; check_time is part of it. Errors: those of check_time, check_transport
// and cloud_type; all kUsage: AWS "key-usage-not-for-key-spec", "expiration-model-unknown",
// "valid-to-missing", "valid-to-not-allowed", "valid-to-past", "valid-to-too-far" (365 days),
// "import-type-unknown", "import-option-not-for-key-type" (type, id or description of anything but
// SYMMETRIC_DEFAULT), "key-material-id-invalid", "key-material-id-not-allowed" (with
// NEW_KEY_MATERIAL), "key-material-description-invalid", "region-invalid", "profile-invalid". Azure
// "key-name-invalid", "key-operation-not-for-key-type", "store-unknown", "tag-invalid",
// "expires-past", "key-type-unverified" (a secret key into a vault).
// Google "key-name-invalid", "purpose-not-for-algorithm", "protection-level-not-for-key-type",
// "key-version-invalid", "destroy-duration-invalid".
[[nodiscard]] Destination resolve(const ImportParameters& parameters, const ImportOptions& options,
                                  const KeyType& key_type, std::string_view label, Force force,
                                  TimePoint now, std::optional<KeyUsage> usage = std::nullopt);

// Whether a bundle can be made for this purpose. Error kUsage "reimport-not-for-key-type":
// Purpose::kVerification of anything but AWS SYMMETRIC_DEFAULT.
void check_purpose(const Destination& destination, Purpose purpose);

}  // namespace keyrite::provider
