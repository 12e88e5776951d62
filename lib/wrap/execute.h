// Carries out a recipe with a session: the only code that calls C_WrapKey for transport. The
// ephemeral AES key is a session object, destroyed on every path; a failed destruction is an Error
// of its own, because the blob would then depend on the token's word. One session, one thread.
#pragma once

#include "base/bytes.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "pkcs11/template.h"
#include "wrap/recipe.h"

namespace keyrite::wrap {

// The cloud's wrapping key as the token and the host see it.
struct WrappingKey {
  pkcs11::ObjectHandle handle{};
  const crypto::PublicKey* host{};  // not owned
};

// A key to be wrapped; `name` is how errors call it.
struct Target {
  pkcs11::ObjectHandle handle{};
  KeyType type{};
  std::string name{};
};

// The template of the wrapping key as a public-key object that may wrap and nothing else.
[[nodiscard]] pkcs11::Template wrapping_key_template(const crypto::PublicKey& key);

// Makes a public session object of `key` that may wrap (CKA_WRAP), and reads its modulus back.
// Error kToken with the CKR, or "wrapping-key-changed" when the token holds another modulus than it
// was given.
[[nodiscard]] pkcs11::ObjectHandle import_wrapping_key(pkcs11::Session& session,
                                                       const crypto::PublicKey& key);

// Reads the modulus of the object back. Error kToken "wrapping-key-changed" when it is not that of
// `key`.
void require_modulus(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                     const crypto::PublicKey& key);

struct Wrapped {
  Bytes blob{};
  WrapCheck checked{};  // of this blob: wrap_check_of the recipe's method
};

// The transport blob of the algorithm. Errors: kToken with CKR; "wrap-size" when the length cannot
// be right for the algorithm; "wrap-differs" when AES-KWP gave two results;
// "ephemeral-not-destroyed" when the ephemeral key could not be removed.
[[nodiscard]] Wrapped execute(pkcs11::Session& session, const ProvenRecipe& recipe,
                              const WrappingKey& wrapping_key, const Target& target);

// Checks lengths that follow from the algorithm, the modulus and (for secret keys) the target:
// RFC 8017 section 7.1.1, RFC 5649 section 4.1. Error kToken "wrap-size".
void require_blob_shape(const Recipe& recipe, const crypto::PublicKey& wrapping_key,
                        const KeyType& target, ByteView blob);

}  // namespace keyrite::wrap
