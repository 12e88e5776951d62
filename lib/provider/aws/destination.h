// Resolves what a key will be in this cloud; see provider/destination.h. Pure, any thread. Internal
// to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/destination.h"

namespace keyrite::provider::aws {

// Checks the options and fills in their defaults, the names, cloud key, algorithm and use.
void complete(Destination& destination, std::string_view label, Force force, TimePoint now);

// The options that need no import parameters. Errors as complete().
void check_options(ImportOptions& options, const KeyType& key_type, TimePoint now);

// "arn:aws:kms:eu-central-1:111122223333:key/ID" gives "eu-central-1"; nullopt for a bare key id.
// Key spec and key usage of a KMS key that is to be made. Errors: those of cloud_type; kUsage
// "key-usage-not-for-key-spec".
void fill_key(ImportOptions& options, const KeyType& key_type, std::optional<KeyUsage> usage);

[[nodiscard]] std::optional<std::string> region_of(const std::string& key_id);

}  // namespace keyrite::provider::aws
