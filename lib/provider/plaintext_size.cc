// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// How long a key is when it is wrapped, and how much OAEP takes.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "provider/rules.h"

namespace keyrite::provider {

namespace {

// Longest PKCS#8 with public key, as OpenSSL and tokens write it; RSA's integers vary by some
// bytes.
struct Pkcs8Size {
  KeyFamily family{};
  unsigned size{};
  Curve curve{Curve::kNone};
  std::size_t bytes{};
};
constexpr std::array<Pkcs8Size, 8> kPkcs8Sizes{{
    {KeyFamily::kRsa, 2048, Curve::kNone, 1224},
    {KeyFamily::kRsa, 3072, Curve::kNone, 1800},
    {KeyFamily::kRsa, 4096, Curve::kNone, 2384},
    {KeyFamily::kEc, 0, Curve::kP256, 138},
    {KeyFamily::kEc, 0, Curve::kP384, 185},
    {KeyFamily::kEc, 0, Curve::kP521, 241},
    {KeyFamily::kEc, 0, Curve::kSecp256k1, 135},
    {KeyFamily::kEd25519, 0, Curve::kNone, 48},
}};

}  // namespace

std::size_t oaep_capacity(unsigned rsa_bits, Hash hash) {
  const std::size_t hash_bytes = hash == Hash::kSha1 ? 20 : 32;
  return rsa_bits / 8 - 2 * hash_bytes - 2;
}

std::size_t plaintext_bytes(const KeyType& type) {
  if (type.is_secret()) return type.secret_bytes();
  const auto* const it =
      std::find_if(kPkcs8Sizes.begin(), kPkcs8Sizes.end(), [&](const Pkcs8Size& row) {
        return row.family == type.family && row.size == type.size && row.curve == type.curve;
      });
  if (it == kPkcs8Sizes.end()) {
    throw Error(Kind::kInternal, "key-type-size", "no PKCS#8 size is known for " + type.name());
  }
  return it->bytes;
}

}  // namespace keyrite::provider
