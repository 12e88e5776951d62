// A digest that identifies a secret key in the token later: the digest of what the key computes
// from a fixed text. A check value of 3 bytes shows a mistake, not an attack: finding another key
// with the same one takes seconds. Nobody can find another key with this digest, and it reveals
// nothing about the key. One session, one thread.
#pragma once

#include <optional>
#include <string>

#include "base/key_type.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/session.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

// Lower-case hex of SHA-256(HMAC(key, T)) of a generic secret, by `bound` or the hash that
// wrap::mac_hash_for gives; of SHA-256(AES-ECB(key, T)) of an AES key that may encrypt. T: SHA-256
// of "keyrite use of a key v1". nullopt of every other key. Errors as Session::sign and encrypt.
[[nodiscard]] std::optional<std::string> use_fingerprint(
    pkcs11::Session& session, const KeyType& type, KeyUsage usage, pkcs11::ObjectHandle key,
    std::optional<crypto::Digest> bound = std::nullopt);

}  // namespace keyrite::keys
