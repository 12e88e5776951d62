// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The entries of a site's log that a certificate rests on, with their proofs: whatever tells of the
// keys of its scope, of their copies and of their destinations, and the intents of those acts. Only
// entries that the checkpoint signs. Reads files; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certificate/document.h"
#include "site/site.h"
#include "transcript/checkpoint.h"
#include "transcript/note.h"

namespace keyrite::certificate {

struct Gathered {
  std::vector<ProvenEntry> entries{};
  std::string checkpoint{};  // as it was verified
};

// Errors: those of transcript::verify and read_file; kVerification "log-changed" (somebody wrote to
// it meanwhile).
[[nodiscard]] Gathered gather(const site::Site& site, const Scope& scope);

// What a whole log has of the scope of a certificate, beside the certificate: an issuer can leave
// entries out, and the certificate verifies all the same.
struct LogCompared {
  std::uint64_t size{};                   // entries that its checkpoint signs
  std::vector<std::uint64_t> left_out{};  // that the certificate could have, and does not
  std::vector<std::uint64_t> later{};     // after the certificate's checkpoint
};
// `folder`: a site's, its transcript's, or an export of it, with side files. Errors: those of
// gather(); kVerification "destruction-log-other": the log does not have what the certificate's
// checkpoint signs.
[[nodiscard]] LogCompared compare_with_log(const std::string& folder,
                                           const std::vector<transcript::NoteKey>& keys,
                                           const Document& document,
                                           const transcript::Checkpoint& signed_by);

}  // namespace keyrite::certificate
