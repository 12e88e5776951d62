// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/checkpoint_signing.h"

#include "base/error.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

NoteSignature signature_over(const Signer& signer, const std::string& text) {
  NoteSignature signature{
      .name = signer.key.name(), .id = signer.key.id(), .value = signer.sign(text)};
  if (verifies(signer.key, signature, text)) return signature;
  throw Error(Kind::kInternal, "signature-wrong",
              "the log's key gave a signature that its public key does not verify",
              "check the token: the log's key or its public key changed");
}

std::string signed_checkpoint(const Signer& signer, const TreeHead& head) {
  Note note{.text = Checkpoint{.origin = signer.key.name(), .head = head}.text()};
  note.signatures.push_back(signature_over(signer, note.text));
  return note.bytes();
}

TreeHead read_head(const std::string& path, const Signer& signer) {
  const SignedCheckpoint checkpoint = read_checkpoint(path);
  (void)verify_checkpoint(checkpoint, {signer.key}, path);
  return checkpoint.checkpoint.head;
}

}  // namespace keyrite::transcript
