// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What the log's key signs, and that nobody sees a signature before its public key verified it.
// Holds nothing; one thread, as the signer.
#pragma once

#include <string>

#include "transcript/checkpoint.h"
#include "transcript/merkle.h"
#include "transcript/note.h"
#include "transcript/signer.h"

namespace keyrite::transcript {

// Errors: those of the signer; kInternal "signature-wrong".
[[nodiscard]] NoteSignature signature_over(const Signer& signer, const std::string& text);

// The bytes of the checkpoint of `head`. Errors as signature_over.
[[nodiscard]] std::string signed_checkpoint(const Signer& signer, const TreeHead& head);

// The head that the checkpoint in a file signs. Errors: those of read_checkpoint and
// verify_checkpoint.
[[nodiscard]] TreeHead read_head(const std::string& path, const Signer& signer);

}  // namespace keyrite::transcript
