// What is said about a key in the token: only what was read back or tried. Used for new keys by
// generate-kek and for target keys by wrap-for-import. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "act/log_facts.h"
#include "base/key_type.h"
#include "crypto/check_value.h"
#include "crypto/public_key.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/session.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

// Reads every attribute of `wanted` from the object, and the origin attributes (CKA_LOCAL,
// CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE, CKA_KEY_GEN_MECHANISM), CKA_MODIFIABLE, and every
// usage of its class. Error kToken "attribute-differs" when one has another value than asked for
// (CKA_MODIFIABLE is only told), when CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_PRIVATE or CKA_TOKEN
// cannot be read, or when the key may wrap and decrypt, or unwrap and encrypt. Others that the
// token does not tell are listed as "not readable".
[[nodiscard]] NamedValues read_back(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                                    const pkcs11::Template& wanted);

// CKA_KEY_GEN_MECHANISM for people: "CKM_AES_KEY_GEN (0x1080)"; the number alone where it is not
// the one that generates keys of `type`; "none" for CK_UNAVAILABLE_INFORMATION.
[[nodiscard]] std::string generation_mechanism_text(unsigned long number, const KeyType& type);

// What was read of attributes, for the log: flags, numbers, ids, classes and types. Never a text.
[[nodiscard]] act::LogFacts facts_of(const NamedValues& attributes);

// Uses the key once as its usage allows and checks the result: encrypt and decrypt, sign and verify
// (private keys: on the host with the public half), wrap and unwrap. Returns how. Error kToken
// "key-unusable".
[[nodiscard]] act::Words use_once(pkcs11::Session& session, const KeyType& type, KeyUsage usage,
                                  pkcs11::ObjectHandle key,
                                  const std::optional<pkcs11::ObjectHandle>& public_half,
                                  const std::optional<crypto::PublicKey>& public_key);

// The check values that can be computed by use, each with its algorithm; empty when the usage
// allows none. `bound`: the hash that the key's type binds it to.
[[nodiscard]] std::vector<crypto::CheckValue> check_values(
    pkcs11::Session& session, const KeyType& type, KeyUsage usage, pkcs11::ObjectHandle key,
    const std::optional<crypto::PublicKey>& public_key,
    std::optional<crypto::Digest> bound = std::nullopt);

struct AttributeCheckValue {
  std::vector<crypto::CheckValue> values{};
  std::string why_none{};  // when there is none
  act::Words code{};       // the same for the log
};
// For an AES key that may not encrypt: its CKA_CHECK_VALUE, named "cka-check-value-aes-ecb-zero",
// if that attribute of a throw-away key that may encrypt was found right.
[[nodiscard]] AttributeCheckValue check_value_of_attribute(pkcs11::Session& session,
                                                           const KeyType& type,
                                                           pkcs11::ObjectHandle key);

}  // namespace keyrite::keys
