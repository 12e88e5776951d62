// Whether a token's CKA_LOCAL tells a key that the token made from one that was put into it
// (PKCS#11 "Key objects": CK_TRUE only of what C_GenerateKey and C_GenerateKeyPair made, or of a
// copy of that). Tokens differ: one says false of its own keys and takes true from whoever writes a
// key into it. Tried with throw-away keys, session objects all. One session, one thread.
#pragma once

#include <string_view>

#include "base/key_type.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

enum class OriginWord {
  kTells,     // true of a key it made, and never of one that was put in
  kSilent,    // not true of a key it made
  kBelieves,  // true of a key that was put in: it stores what it is told
  kUntried    // no key could be made, or none put in, or the token gave no reason
};
[[nodiscard]] std::string_view origin_word_name(OriginWord word);  // for people and the log

// For keys of the class of `type`: secret keys are put in by C_CreateObject and by C_UnwrapKey,
// private keys by C_UnwrapKey, each as any key and as one whose template says CKA_LOCAL=true.
// CKA_ALWAYS_SENSITIVE says nothing of it: a key of known bytes that was derived from a sensitive
// one has it too. Error "not-found-out" of pkcs11::find_out when the token says, twice, that it is
// not well.
[[nodiscard]] OriginWord local_word(pkcs11::Session& session, const KeyType& type);

}  // namespace keyrite::wrap
