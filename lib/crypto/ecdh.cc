#include "crypto/ecdh.h"

#include <string>

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr const char* kWhat = "ECDH";

PkeyPtr throwaway_key(const std::string& curve) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  require_openssl(EVP_PKEY_keygen_init(context.get()), kWhat);
  require_openssl(EVP_PKEY_CTX_set_group_name(context.get(), curve.c_str()), kWhat);
  EVP_PKEY* key = nullptr;
  require_openssl(EVP_PKEY_generate(context.get(), &key), kWhat);
  return PkeyPtr(key);
}

Bytes shared_secret(EVP_PKEY* own, EVP_PKEY* other) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(own, nullptr));
  require_openssl(EVP_PKEY_derive_init(context.get()), kWhat);
  require_openssl(EVP_PKEY_derive_set_peer(context.get(), other), kWhat);
  std::size_t length = 0;
  require_openssl(EVP_PKEY_derive(context.get(), nullptr, &length), kWhat);
  Bytes shared(length);
  require_openssl(EVP_PKEY_derive(context.get(), shared.data(), &length), kWhat);
  shared.resize(length);
  return shared;
}

Bytes point_of(EVP_PKEY* key) {
  std::size_t length = 0;
  require_openssl(
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0, &length), kWhat);
  Bytes point(length);
  require_openssl(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                  point.size(), &length),
                  kWhat);
  return point;
}

}  // namespace

ThrowawayAgreement agree_with_throwaway(const PublicKey& other) {
  const KeyType type = other.type();
  if (type.family != KeyFamily::kEc) {
    throw Error(Kind::kInternal, "ecdh-curve", "a key agreement needs a key on a curve");
  }
  const PkeyPtr own = throwaway_key(std::string(curve_info(type.curve).openssl));
  return {.point = point_of(own.get()), .shared = shared_secret(own.get(), other.get())};
}

}  // namespace keyrite::crypto
