// A secret has no text form, not even as a range of bytes.
// refused: Cannot format an argument
// refused: fallback_formatter<keyrite::crypto::SecretBytes>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/secret_bytes.h"

int main() {
  const keyrite::crypto::SecretBytes secret(16);
#ifdef KEYRITE_FORBIDDEN
  static_cast<void>(fmt::format("{}", secret));
#endif
  return fmt::format("{}", secret.size()) == "16" ? 0 : 1;
}
