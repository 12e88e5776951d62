// Import parameters of any cloud: what the operator saved from the cloud's command line, read and
// checked. Each provider has its own struct; these functions do for all what every act needs. Pure
// functions over file contents and times, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "provider/aws/parameters.h"
#include "provider/azure/parameters.h"
#include "provider/google/parameters.h"
#include "provider/options.h"
#include "provider/provider.h"

namespace keyrite::provider {

using ImportParameters =
    std::variant<aws::ImportParameters, azure::ImportParameters, google::ImportParameters>;

// Reads the files by what they are and combines them with the options that say what files do not.
// The wrapping key is RSA, e = 65537, of a size the provider takes. Errors: those of base/json.h
// and crypto/public_key.h; kConfig those of provider/file_form.h ("file-yaml", "file-utf16", ...),
// "wrapping-key-not-rsa", "wrapping-key-exponent",
// "wrapping-key-size"; kUsage "parameters-missing" (no file that holds a wrapping key); and those
// of the provider's own read_parameters.
[[nodiscard]] ImportParameters read_parameters(const ParameterFiles& files,
                                               const ImportOptions& options);

// What depends on the time. Errors kConfig: "parameters-expired" (both clocks are shown),
// "parameters-not-yet-valid" (Azure), "parameters-valid-to-too-far" (AWS later than 24 hours from
// now, Google than 3 days, with an hour of slack: the time is wrong or the clock is behind).
void check_time(const ImportParameters& parameters, TimePoint now);

// How long import parameters can be valid, from the moment somebody has them, with an hour of slack
// for clocks that differ. Unset: as long as somebody says (Azure).
[[nodiscard]] std::optional<std::chrono::hours> longest_validity(Provider provider);

// A second set of parameters, for a verification bundle: of the same key in the cloud, and another
// set than the first. Errors kConfig: "verification-key-mismatch",
// "verification-parameters-reused"; kUsage "verification-not-for-provider" (anything but AWS).
void check_verification_parameters(const ImportParameters& first, const ImportParameters& second);

[[nodiscard]] Provider provider_of(const ImportParameters& parameters);
[[nodiscard]] const crypto::PublicKey& wrapping_key(const ImportParameters& parameters);
[[nodiscard]] WrappingAlgorithm wrapping_algorithm(const ImportParameters& parameters);
// Unset: they do not expire (Azure).
[[nodiscard]] std::optional<TimePoint> valid_until(const ImportParameters& parameters);

// For the manifest: all that later checks need, of the wrapping key and the token their SHA-256.
[[nodiscard]] Json to_json(const ImportParameters& parameters);
// Lines for people, name and value, in the order in which they are shown.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(
    const ImportParameters& parameters);

}  // namespace keyrite::provider
