// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/supported_key.h"

#include <openssl/err.h>

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::crypto {

namespace {

[[noreturn]] void unsupported(std::string_view origin, std::string_view why) {
  refuse_key(
      "public-key-unsupported", origin, why,
      "keyrite handles RSA, the curves P-256, P-384, P-521 and secp256k1 by name, and Ed25519");
}

// OpenSSL's short name of the key's curve, "" for none.
std::string group_name(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                     &length) != 1) {
    ERR_clear_error();
    return {};
  }
  return {name.data(), length};
}

// Explicit parameters are another encoding of a curve and no cloud takes them.
bool has_explicit_curve(const EVP_PKEY* key) {
  std::array<char, 32> encoding{};
  std::size_t length = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding.data(),
                                     encoding.size(), &length) != 1) {
    ERR_clear_error();
    return false;
  }
  return std::string_view(encoding.data(), length) == OSSL_PKEY_EC_ENCODING_EXPLICIT;
}

}  // namespace

void refuse_key(std::string code, std::string_view origin, std::string_view why, std::string hint) {
  ERR_clear_error();
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", origin, why), std::move(hint));
}

void refuse_invalid_key(std::string_view origin, std::string_view why) {
  refuse_key("public-key-invalid", origin, why,
             "fetch it again: it may be truncated, or of another format");
}

// OpenSSL decodes the point at infinity like any other; it is nobody's public key.
void require_point(EVP_PKEY* key, std::string_view origin) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(key, nullptr));
  if (EVP_PKEY_public_check_quick(context.get()) != 1)
    refuse_invalid_key(origin, "the numbers are not a point of the curve");
}

// OpenSSL takes any two numbers. With e = 1 "encrypted" would be plain.
void require_rsa_numbers(const EVP_PKEY* key, std::string_view origin) {
  const Bytes n = big_number(key, OSSL_PKEY_PARAM_RSA_N);
  const Bytes e = big_number(key, OSSL_PKEY_PARAM_RSA_E);
  const auto odd_over_one = [](const Bytes& number) {
    return !number.empty() && (number.back() & 1U) != 0 && (number.size() > 1 || number[0] > 1);
  };
  if (!odd_over_one(n) || !odd_over_one(e))
    refuse_invalid_key(origin, "the modulus or the exponent is even, 0 or 1");
}

void require_supported(EVP_PKEY* key, std::string_view origin) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      require_rsa_numbers(key, origin);
      return;
    case EVP_PKEY_ED25519:
      return;
    case EVP_PKEY_EC:
      if (has_explicit_curve(key))
        unsupported(origin, "the curve is given by explicit parameters, not by name");
      if (curve_of(key) == Curve::kNone)
        unsupported(origin, "the curve is not one that keyrite handles");
      require_point(key, origin);
      return;
    default:
      unsupported(origin, "the public key is of a type that keyrite does not handle");
  }
}

Curve curve_of(const EVP_PKEY* key) {
  const std::string name = group_name(key);
  for (const auto& row : curves()) {
    if (row.openssl == name) return row.curve;
  }
  return Curve::kNone;
}

Bytes big_number(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) openssl_failed("reading an RSA key");
  const BnPtr number(raw);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}

Bytes encoded_as_is(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key, &der);
  if (length <= 0) openssl_failed("encoding a public key");
  Bytes bytes(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

Bytes canonical_spki(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    // One canonical form for comparisons, however the point came.
    require_openssl(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                   "uncompressed"),
                    "encoding a public key");
  }
  return encoded_as_is(key);
}

std::shared_ptr<EVP_PKEY> shared(PkeyPtr key) { return {key.release(), Free<EVP_PKEY_free>()}; }

}  // namespace keyrite::crypto
