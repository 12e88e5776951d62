// A secret has one owner: it is moved, never copied.
// refused: use of deleted function
// refused: call to deleted constructor
#include <utility>

#include "crypto/secret_bytes.h"

int main() {
  keyrite::crypto::SecretBytes secret(16);
#ifdef KEYRITE_FORBIDDEN
  const keyrite::crypto::SecretBytes copy = secret;
#endif
  const keyrite::crypto::SecretBytes moved = std::move(secret);
  return moved.empty() ? 1 : 0;
}
