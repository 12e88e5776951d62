// Whether this build has a sanitizer: what takes minutes there, and is tried whole in the other
// build, is tried in samples. Header only.
#pragma once

namespace keyrite::test {

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define KEYRITE_TEST_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(KEYRITE_TEST_SANITIZED)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace keyrite::test
