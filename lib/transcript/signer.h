// Who signs a log's checkpoints. The key is in a token, which this module does not know: whoever
// opens a log passes in a function that signs there. Value type; one thread.
#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "transcript/note.h"

namespace keyrite::transcript {

struct Signer {
  NoteKey key;  // its name is the log's origin
  // The signature of a note's text as a note carries it: 64 bytes for Ed25519, DER for ECDSA.
  std::function<Bytes(std::string_view text)> sign{};
};

}  // namespace keyrite::transcript
