// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether a wrapped key has the size that its algorithm gives.

#include <fmt/format.h>

#include "base/error.h"
#include "provider/payload.h"

namespace keyrite::provider {

namespace {

[[noreturn]] void bad_blob(const std::string& message) {
  throw Error(Kind::kVerification, "blob-size", message,
              "the token did not wrap the key as requested: do not import it");
}

// RFC 5649: whole blocks of 8 bytes and one for the alternative IV.
std::size_t kwp_size(std::size_t plaintext) { return (plaintext + 7) / 8 * 8 + 8; }

// No PKCS#8 of such a key is shorter: for RSA eight integers of which five have half the modulus'
// length, for curves the form without the public key.
std::size_t shortest_pkcs8(const KeyType& type) {
  if (type.family == KeyFamily::kRsa) return std::size_t{type.size} / 8 * 4;
  if (type.family == KeyFamily::kEd25519) return plaintext_bytes(type);
  return curve_info(type.curve).field_bytes;
}

void check_kwp_part(std::size_t size, const KeyType& type) {
  constexpr std::size_t kBlock = 8;
  constexpr std::size_t kShortest = 16;
  if (size < kShortest || size % kBlock != 0) {
    bad_blob(
        fmt::format("the AES-KWP part has {} bytes, not a multiple of 8 of at least 16", size));
  }
  if (type.is_secret() && size != kwp_size(type.secret_bytes())) {
    bad_blob(fmt::format("the AES-KWP part has {} bytes instead of {} for {}", size,
                         kwp_size(type.secret_bytes()), type.name()));
  }
  if (!type.is_secret() && size < kwp_size(shortest_pkcs8(type))) {
    bad_blob(fmt::format("the AES-KWP part has {} bytes, too few for {}", size, type.name()));
  }
}

}  // namespace

void check_blob(ByteView blob, const KeyType& type, WrappingAlgorithm algorithm,
                unsigned wrapping_bits) {
  const std::size_t modulus = wrapping_bits / 8;
  if (algorithm.scheme == Scheme::kRsaOaep) {
    if (blob.size() != modulus) {
      bad_blob(fmt::format("the wrapped key has {} bytes instead of the {} of RSA-{}", blob.size(),
                           modulus, wrapping_bits));
    }
    return;
  }
  if (blob.size() <= modulus) {
    bad_blob(fmt::format("the wrapped key has {} bytes, which is not more than its RSA part of {}",
                         blob.size(), modulus));
  }
  check_kwp_part(blob.size() - modulus, type);
}

}  // namespace keyrite::provider
