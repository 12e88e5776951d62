// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A public key out of its numbers, as a token or a JWK has them.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/supported_key.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

namespace {

PkeyPtr from_params(const char* type, const ParamBldPtr& builder, std::string_view origin) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    refuse_invalid_key(origin, "the numbers are not a public key");
  }
  return PkeyPtr(key);
}

}  // namespace

PublicKey PublicKey::from_rsa(ByteView modulus, ByteView exponent, std::string_view origin) {
  const BnPtr n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const BnPtr e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()),
                  "building an RSA key");
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()),
                  "building an RSA key");
  PkeyPtr key = from_params("RSA", builder, origin);
  require_rsa_numbers(key.get(), origin);
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_ec_point(Curve curve, ByteView point, std::string_view origin) {
  const std::string name(curve_info(curve).openssl);
  // OpenSSL also takes the hybrid form, which RFC 5480 section 2.2 forbids.
  if (point.empty() || point[0] < 0x02 || point[0] > 0x04)
    refuse_invalid_key(origin, "this is neither an uncompressed nor a compressed point");
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  require_openssl(
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.c_str(), 0),
      "building an EC key");
  require_openssl(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                   point.data(), point.size()),
                  "building an EC key");
  PkeyPtr key = from_params("EC", builder, origin);
  require_point(key.get(), origin);
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_ec(Curve curve, ByteView x, ByteView y, std::string_view origin) {
  const std::size_t field = curve_info(curve).field_bytes;
  if (x.size() > field || y.size() > field)
    refuse_invalid_key(origin, "a coordinate is longer than the curve's field");
  Bytes point(1 + 2 * field);
  point[0] = 0x04;  // SEC 1 section 2.3.3, uncompressed
  std::copy(x.begin(), x.end(), point.begin() + static_cast<std::ptrdiff_t>(1 + field - x.size()));
  std::copy(y.begin(), y.end(),
            point.begin() + static_cast<std::ptrdiff_t>(1 + 2 * field - y.size()));
  return from_ec_point(curve, point, origin);
}

PublicKey PublicKey::from_ed25519(ByteView raw32, std::string_view origin) {
  PkeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw32.data(), raw32.size()));
  if (key == nullptr) refuse_invalid_key(origin, "an Ed25519 public key has 32 bytes");
  return PublicKey(shared(std::move(key)));
}

}  // namespace keyrite::crypto
