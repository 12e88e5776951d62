// Names of cloud keys and their versions, for every cloud: whether a name is that of the bundle's
// key, and whether two names may mean the same key. Pure, any thread. Internal to provider.
#pragma once

#include <string>
#include <string_view>

#include "provider/expected.h"

namespace keyrite::provider {

// Whether `name` is the bundle's key or a version of it, as far as the bundle names one.
[[nodiscard]] bool names_bundle_key(const Expected& expected, std::string_view name);
// The form in which findings name a key: AWS the bare id, Azure in lower case, Google as it is.
[[nodiscard]] std::string normal_name(Provider provider, std::string_view name);
// "KEY" and "KEY/VERSION" may be one and the same; two versions may not.
[[nodiscard]] bool may_be_same(std::string_view one, std::string_view other);

}  // namespace keyrite::provider
