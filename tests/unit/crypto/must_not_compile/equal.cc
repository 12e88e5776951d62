// Secrets are not compared by ==, which takes a time that depends on them.
// refused: no match for 'operator=='
// refused: invalid operands to binary expression
#include "crypto/secret_bytes.h"

int main() {
  const keyrite::crypto::SecretBytes secret(16);
  const keyrite::crypto::SecretBytes other(16);
#ifdef KEYRITE_FORBIDDEN
  if (secret == other) return 2;
#endif
  return secret.size() == other.size() ? 0 : 1;
}
