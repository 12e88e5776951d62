#include "crypto/internal/openssl.h"

#include <openssl/err.h>

#include <array>

#include "base/error.h"

namespace keyrite::crypto {

void openssl_failed(const std::string& what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw Error(Kind::kInternal, "openssl", what + " failed in OpenSSL: " + reason.data());
}

void require_openssl(int result, const char* what) {
  if (result != 1) openssl_failed(what);
}

}  // namespace keyrite::crypto
