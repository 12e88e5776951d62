// Whether a token's CKA_LOCAL distinguishes a key that the token made from an imported one (PKCS#11
// "Key objects": CK_TRUE only for what C_GenerateKey and C_GenerateKeyPair made, or for a copy of
// that). Tokens differ: one says false for its own keys, and takes true from whoever writes a key
// into it. The test uses throw-away keys, all of them session objects. One session, one thread.
#pragma once

#include <string_view>

#include "base/key_type.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

enum class OriginWord {
  kTells,     // true for a key it made, and never for an imported one
  kSilent,    // not true for a key it made
  kBelieves,  // true for an imported key: it stores what the template says
  kUntried    // no key could be made, or none imported, or the token gave no reason
};
[[nodiscard]] std::string_view origin_word_name(OriginWord word);  // for people and the log

// For keys of the class of `type`: imports secret keys by C_CreateObject and by C_UnwrapKey,
// private keys by C_UnwrapKey, each as any key and as one whose template says CKA_LOCAL=true.
// CKA_ALWAYS_SENSITIVE says nothing about it: a key of known bytes that was derived from a
// sensitive one has it too. Error "not-found-out" of pkcs11::find_out if the token fails twice for
// a reason of its own.
[[nodiscard]] OriginWord local_word(pkcs11::Session& session, const KeyType& type);

}  // namespace keyrite::wrap
