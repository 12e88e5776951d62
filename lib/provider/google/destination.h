// Resolves what a key will be in this cloud; see provider/destination.h. Pure, any thread. Internal
// to provider.
#pragma once

#include <string_view>

#include "provider/destination.h"

namespace keyrite::provider::google {

// Checks the options and fills in their defaults, the names, cloud key, algorithm and use.
void complete(Destination& destination, std::string_view label, Force force, TimePoint now);

// The options that need no import job, the key's name among them. Errors as complete(); kConfig
// "protection-level-unknown".
void check_options(ImportOptions& options, const KeyType& key_type);

}  // namespace keyrite::provider::google
