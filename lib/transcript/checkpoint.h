// A checkpoint (c2sp.org/tlog-checkpoint v1.0.0): the size and the root of a log, as the text of a
// signed note; and a proof file (c2sp.org/tlog-proof@v1): one entry's place in it. Values and pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "transcript/merkle.h"
#include "transcript/note.h"

namespace keyrite::transcript {

struct Checkpoint {
  std::string origin{};  // names the log, and is the name of its keys
  TreeHead head{};
  // Three lines: origin, decimal size, base64 root. What is signed.
  [[nodiscard]] std::string text() const;
};

// Exactly three lines: extension lines are refused, keyrite writes none. Error kVerification
// "checkpoint-invalid", which says what is wrong.
[[nodiscard]] Checkpoint parse_checkpoint(std::string_view note_text, std::string_view origin);

struct SignedCheckpoint {
  Checkpoint checkpoint{};
  Note note{};
};
// A whole checkpoint file. Errors kVerification: "note-invalid", "checkpoint-invalid".
[[nodiscard]] SignedCheckpoint parse_signed_checkpoint(std::string_view bytes,
                                                       std::string_view origin);
// Signed by one of `keys`, which must have the checkpoint's origin as name to count. Errors as
// verify_note, and kVerification "checkpoint-of-other-log" when no key has that name.
[[nodiscard]] NoteVerdict verify_checkpoint(const SignedCheckpoint& checkpoint,
                                            const std::vector<NoteKey>& keys,
                                            std::string_view origin);

struct ProofFile {
  std::uint64_t index{};
  Proof proof{};
  std::string checkpoint{};  // the signed note, verbatim
  [[nodiscard]] std::string bytes() const;
};
// Error kVerification "proof-invalid", which says what is wrong.
[[nodiscard]] ProofFile parse_proof_file(std::string_view bytes, std::string_view origin);

}  // namespace keyrite::transcript
