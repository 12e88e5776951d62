#include "crypto/pkcs8.h"

#include <openssl/err.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

// Every private number belongs to the public ones: a PKCS#8 carries its public half beside the
// private, and a wrong private part behind a right public one opens nothing.
bool halves_belong_together(EVP_PKEY* key) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const bool good = context != nullptr && EVP_PKEY_pairwise_check(context.get()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

std::optional<Pkcs8Info> read_pkcs8(ByteView content) {
  const unsigned char* cursor = content.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(content.size())));
  const PkeyPtr key(info != nullptr ? EVP_PKCS82PKEY(info.get()) : nullptr);
  ERR_clear_error();
  if (key == nullptr || !halves_belong_together(key.get())) return std::nullopt;
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key.get(), &der);
  if (length <= 0) return std::nullopt;
  const Bytes spki(der, der + length);
  OPENSSL_free(der);
  const auto der_length = static_cast<std::size_t>(cursor - content.data());
  const ByteView rest = content.subspan(der_length);
  try {
    return Pkcs8Info{.public_key = PublicKey::from_spki(spki, "a throw-away key"),
                     .der_length = der_length,
                     .trailing_bytes = rest.size(),
                     .trailing_all_zero = std::all_of(rest.begin(), rest.end(),
                                                      [](auto byte) { return byte == 0; })};
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace keyrite::crypto
