// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate of key destruction says what its log says, and no more: by the log's vkey,
// from the file alone. The signatures of checkpoint and document, the place of each entry in the
// log, the vouches; then all that the document says is made anew of its entries, and compared byte
// for byte. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certificate/document.h"
#include "transcript/checkpoint.h"
#include "transcript/note.h"

namespace keyrite::certificate {

struct Verified {
  Document document{};
  Facts facts{};
  Statement statement{};
  transcript::Checkpoint checkpoint{};
  std::string sha256{};              // of the file
  std::vector<std::string> vkeys{};  // that signed it
};

// `origin` names the file in errors. Errors: those of read_document, parse_signed_checkpoint and
// verify_checkpoint; kVerification "entry-vouch-wrong"; "destruction-signature" (no
// signature of the log's key is over this document), "destruction-entry" (no entry of
// the log at that place), "destruction-facts" (not the facts that the entry names),
// "destruction-decision" (no entry names this decision),
// "destruction-says-else" (its claims, its sentences or its form are not what follows
// from its entries); of what is in it of other sites the same, those of add_other_sites, and
// "destruction-site-vkey": none of `keys` is that of the site.
[[nodiscard]] Verified verify_certificate(std::string_view file,
                                          const std::vector<transcript::NoteKey>& keys,
                                          std::string_view origin);

// The results of other sites in a document, each verified as a document of its own. Errors: those
// of verify_certificate; kVerification "destruction-site-nested": one has results in it itself.
[[nodiscard]] std::vector<Verified> verify_sites(const Document& document,
                                                 const std::vector<transcript::NoteKey>& keys);

}  // namespace keyrite::certificate
