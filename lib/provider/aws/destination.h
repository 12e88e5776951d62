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

// "arn:aws:kms:eu-central-1:111122223333:key/ID" gives "eu-central-1"; nullopt for a bare key id.
[[nodiscard]] std::optional<std::string> region_of(const std::string& key_id);

}  // namespace keyrite::provider::aws
