// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/use_once.h"

#include "act/public_half.h"
#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/random.h"
#include "keys/internal/wrapping_use.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

namespace {

using pkcs11::Mechanism;

act::Words try_encryption(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  const Bytes block = crypto::random_bytes(crypto::kAesBlockBytes);
  const Bytes hidden = session.encrypt(Mechanism::aes_ecb(), key, block, kTrying);
  if (hidden == block || session.decrypt(Mechanism::aes_ecb(), key, hidden, kTrying) != block) {
    refuse_unusable("it does not decrypt what it encrypted");
  }
  return act::Words("C_Encrypt and C_Decrypt (CKM_AES_ECB)");
}

act::Words try_mac(pkcs11::Session& session, const KeyType& type, pkcs11::ObjectHandle key) {
  const Bytes message = crypto::random_bytes(crypto::kAesBlockBytes);
  const auto hmac = Mechanism::hmac(wrap::mac_hash_for(type.secret_bytes()));
  const Bytes mac = session.sign(hmac, key, message, kTrying);
  if (mac.size() < 20 || !session.verify(hmac, key, message, mac, kTrying)) {
    refuse_unusable("it does not verify its own MAC");
  }
  return act::Words("C_Sign and C_Verify (") + act::Words::of(hmac) + act::Words(")");
}

act::Words try_signature(pkcs11::Session& session, pkcs11::ObjectHandle key,
                         const crypto::PublicKey& public_key) {
  const auto mechanism = act::signs_as(session, key, public_key, kTrying);
  if (!mechanism) refuse_unusable("its signature does not verify on the host");
  return act::Words("C_Sign (") + *mechanism + act::Words("), verified on the host");
}

act::Words try_agreement(pkcs11::Session& session, pkcs11::ObjectHandle key,
                         const crypto::PublicKey& public_key) {
  if (!act::agrees_as(session, key, public_key, kTrying))
    refuse_unusable("it derives another secret than the host derives with its public half");
  return act::Words("C_DeriveKey (CKM_ECDH1_DERIVE), compared with the host");
}

act::Words try_rsa_decryption(pkcs11::Session& session, pkcs11::ObjectHandle key,
                              pkcs11::ObjectHandle public_half) {
  const Bytes message = crypto::random_bytes(crypto::kAesBlockBytes);
  const auto oaep = Mechanism::rsa_oaep(Hash::kSha1);
  const Bytes hidden = session.encrypt(oaep, public_half, message, kTrying);
  if (session.decrypt(oaep, key, hidden, kTrying) != message) {
    refuse_unusable("it does not decrypt what its public half encrypted");
  }
  return act::Words("C_Encrypt and C_Decrypt (CKM_RSA_PKCS_OAEP)");
}

}  // namespace

act::Words use_once(pkcs11::Session& session, const KeyType& type, KeyUsage usage,
                    pkcs11::ObjectHandle key,
                    const std::optional<pkcs11::ObjectHandle>& public_half,
                    const std::optional<crypto::PublicKey>& public_key) {
  switch (usage) {
    case KeyUsage::kWrap:
      return type.is_secret() ? try_wrapping(session, key)
                              : try_rsa_unwrapping(session, key, public_half.value());
    case KeyUsage::kEncrypt:
      return type.is_secret() ? try_encryption(session, key)
                              : try_rsa_decryption(session, key, public_half.value());
    case KeyUsage::kSign:
      return type.is_secret() ? try_mac(session, type, key)
                              : try_signature(session, key, public_key.value());
    case KeyUsage::kDerive:
      return try_agreement(session, key, public_key.value());
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key has no usage");
}

}  // namespace keyrite::keys
