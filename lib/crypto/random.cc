#include "crypto/random.h"

#include <openssl/rand.h>

#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  require_openssl(RAND_bytes(bytes.data(), static_cast<int>(count)), "random bytes");
  return bytes;
}

SecretBytes random_secret(std::size_t count) {
  SecretBytes bytes(count);
  require_openssl(RAND_priv_bytes(bytes.reveal_for_writing().data(), static_cast<int>(count)),
                  "random bytes");
  return bytes;
}

}  // namespace keyrite::crypto
