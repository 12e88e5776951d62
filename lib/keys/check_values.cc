// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/check_values.h"

#include <string_view>

#include "base/error.h"
#include "crypto/aes.h"
#include "wrap/key_check_value.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

namespace {

using pkcs11::Mechanism;

std::string_view check_value_name(crypto::Digest hash) {
  switch (hash) {
    case crypto::Digest::kSha1:
      return crypto::kHmacSha1Zero;
    case crypto::Digest::kSha224:
      return crypto::kHmacSha224Zero;
    case crypto::Digest::kSha256:
      return crypto::kHmacSha256Zero;
    case crypto::Digest::kSha384:
      return crypto::kHmacSha384Zero;
    case crypto::Digest::kSha512:
      return crypto::kHmacSha512Zero;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a MAC has no hash");
}

}  // namespace

std::vector<crypto::CheckValue> check_values_by_use(
    pkcs11::Session& session, const KeyType& type, KeyUsage usage, pkcs11::ObjectHandle key,
    const std::optional<crypto::PublicKey>& public_key, std::optional<crypto::Digest> bound) {
  if (public_key) return {crypto::sha256_spki(*public_key), crypto::sha1_spki(*public_key)};
  if (type.family == KeyFamily::kGenericSecret) {
    const auto hash = bound.value_or(wrap::mac_hash_for(type.secret_bytes()));
    const auto hmac = Mechanism::hmac(hash);
    return {crypto::hmac_zero(
        check_value_name(hash),
        session.sign(hmac, key, Bytes(crypto::kAesBlockBytes), "computing a check value"))};
  }
  if (usage != KeyUsage::kEncrypt) return {};
  const auto encrypt = [&](ByteView block) {
    return session.encrypt(Mechanism::aes_ecb(), key, block, "computing a check value");
  };
  return {crypto::aes_ecb_zero(encrypt), crypto::aes_cmac_zero(encrypt)};
}

std::vector<crypto::CheckValue> check_values(pkcs11::Session& session, const KeyType& type,
                                             KeyUsage usage, pkcs11::ObjectHandle key,
                                             const std::optional<crypto::PublicKey>& public_key,
                                             std::optional<crypto::Digest> bound) {
  auto values = check_values_by_use(session, type, usage, key, public_key, bound);
  if (!type.is_secret()) return values;
  auto computed = wrap::key_check_value(session, key);
  if (computed.value) values.push_back(*std::move(computed.value));
  return values;
}

}  // namespace keyrite::keys
