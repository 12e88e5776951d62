// How keyrite asks for a key of each type (the mechanism and the templates), and how it reads the
// public half. The one place where a KeyType becomes CKM_, CKK_ and attributes; used for real keys
// by generate-kek and for throw-away keys by the self-tests. Pure functions but for
// read_public_key; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/key_type.h"
#include "base/key_usage.h"
#include "crypto/public_key.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/session.h"
#include "pkcs11/template.h"

namespace keyrite::wrap {

[[nodiscard]] std::string_view usage_name(KeyUsage usage);
[[nodiscard]] KeyUsage parse_usage(std::string_view name);  // Error kUsage "usage-unknown"
// The usages a type can have, the default first.
[[nodiscard]] const std::vector<KeyUsage>& usages_of(const KeyType& type);

struct KeyTraits {
  bool token{true};
  bool extractable{false};
  bool wrap_with_trusted{false};
  KeyUsage usage{};
  std::string label{};
  Bytes id{};
};

// How much a template says. Tokens differ in what an absent attribute means, so everything is said;
// some refuse an attribute they do not know for a class, and get the next shorter form.
enum class Detail {
  kFull,    // every usage as true or false, and CKA_MODIFIABLE=false
  kUsages,  // every usage
  kShort,   // the usages that every token knows for the class
  kAllowed  // the usages that are allowed: some tokens take no "false"
};

// `key` is the secret or the private half; `public_half` is empty for secret keys.
struct KeyTemplates {
  pkcs11::Template key{};
  pkcs11::Template public_half{};
};

[[nodiscard]] pkcs11::Mechanism generation_mechanism(const KeyType& type);
[[nodiscard]] KeyTemplates key_templates(const KeyType& type, const KeyTraits& traits,
                                         Detail detail = Detail::kFull);

// The answers of a token that does not take an attribute, or not with this value, or wants another
// one.
[[nodiscard]] bool refuses_template(const Error& error);

struct MadeKey {
  pkcs11::ObjectHandle key{};
  std::optional<pkcs11::ObjectHandle> public_half{};
  KeyTemplates templates{};  // those that the token took
};
// Makes the key by the fullest form that the token takes; the next is tried only after
// an answer that refuses_template(), or twice CKR_GENERAL_ERROR, which is how one token in the
// field says that it does not know an attribute of a token object. Before each try Session looks
// whether id and label are free, so that a key that was made in spite of its answer is not made
// again. Errors kToken as the token gives them; "id-taken", "label-taken" when they were not free
// at first.
[[nodiscard]] MadeKey make_key(pkcs11::Session& session, const KeyType& type,
                               const KeyTraits& traits, std::string_view what);

// The usage attributes a class of key can have (PKCS#11 "Secret key objects", "Private key
// objects", "Public key objects").
[[nodiscard]] const std::vector<pkcs11::Attr>& usage_attributes(pkcs11::ObjectClass object_class);

// Session objects that can be wrapped and used once: AES to encrypt, generic secret to sign, pairs
// to sign. Short, so that every token takes them.
[[nodiscard]] KeyTemplates throwaway_templates(const KeyType& type);
// The hash whose HMAC a generic secret of `key_bytes` is tried with: the longest up to SHA-256 that
// is no longer than the key, since some tokens refuse shorter keys (RFC 2104 section 3 only
// discourages them).
[[nodiscard]] crypto::Digest mac_hash_for(unsigned key_bytes);

// An AES key that comes out of C_UnwrapKey as a session object, to be used once. Without
// CKA_VALUE_LEN, which some tokens forbid there.
[[nodiscard]] pkcs11::Template unwrapped_template();

// The public half from a public-key object: modulus and exponent, or EC point (raw and DER-wrapped
// forms). Error kToken "public-half-unreadable".
[[nodiscard]] crypto::PublicKey read_public_key(const pkcs11::Session& session,
                                                pkcs11::ObjectHandle handle, const KeyType& type);

}  // namespace keyrite::wrap
