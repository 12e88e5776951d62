// Resolves what a key will be in this cloud; see provider/destination.h. Pure, any thread. Internal
// to provider.
#pragma once

#include <string>
#include <string_view>

#include "provider/destination.h"

namespace keyrite::provider::azure {

// Checks the options and fills in their defaults, the names, cloud key, algorithm and use.
void complete(Destination& destination, std::string_view label, Force force, TimePoint now);

// The options that need no import parameters, the name among them. Errors as complete().
void check_options(ImportOptions& options, const std::string& host, const KeyType& key_type,
                   Force force, TimePoint now);

// As the options say it, else as the host does.
[[nodiscard]] bool is_managed_hsm(const ImportOptions& options, const std::string& host);

}  // namespace keyrite::provider::azure
