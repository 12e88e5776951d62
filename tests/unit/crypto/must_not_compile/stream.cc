// A secret is not written to a stream.
// refused: no match for 'operator<<'
// refused: invalid operands to binary expression
#include <iostream>

#include "crypto/secret_bytes.h"

int main() {
  const keyrite::crypto::SecretBytes secret(16);
#ifdef KEYRITE_FORBIDDEN
  std::cout << secret;
#endif
  std::cout << secret.size();
}
