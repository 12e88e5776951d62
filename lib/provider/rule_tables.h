// The tables behind key_rules() and wrapping_choices(), one per provider. Of the rules, the first
// row that fits a key type applies. Immutable, any thread. Internal to provider.
#pragma once

#include <vector>

#include "provider/rules.h"
#include "provider/wrapping_choice.h"

namespace keyrite::provider {

namespace aws {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
[[nodiscard]] std::vector<WrappingChoice> make_wrapping_choices();
}  // namespace aws
namespace azure {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
[[nodiscard]] std::vector<WrappingChoice> make_wrapping_choices();
}  // namespace azure
namespace google {
[[nodiscard]] std::vector<KeyRule> make_key_rules();
[[nodiscard]] std::vector<WrappingChoice> make_wrapping_choices();
}  // namespace google

}  // namespace keyrite::provider
