// The three tables behind key_rules(), one per provider. In each, the first row that fits a key
// type applies. Immutable, any thread. Internal to provider.
#pragma once

#include <vector>

#include "provider/rules.h"

namespace keyrite::provider {

namespace aws {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
}
namespace azure {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
}
namespace google {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
}

}  // namespace keyrite::provider
