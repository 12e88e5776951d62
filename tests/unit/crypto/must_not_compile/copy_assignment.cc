// A secret has one owner: it is moved, never assigned from one that keeps it.
// refused: use of deleted function
// refused: overload resolution selected deleted operator
#include <utility>

#include "crypto/secret_bytes.h"

int main() {
  keyrite::crypto::SecretBytes secret(16);
  keyrite::crypto::SecretBytes other;
#ifdef KEYRITE_FORBIDDEN
  other = secret;
#endif
  other = std::move(secret);
  return other.empty() ? 1 : 0;
}
