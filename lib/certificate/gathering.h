// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The entries of a site's log that a certificate rests on, with their proofs: whatever tells of the
// keys of its scope, of their copies and of their destinations, and the intents of those acts. Only
// entries that the checkpoint signs. Reads files; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "certificate/document.h"
#include "site/site.h"

namespace keyrite::certificate {

struct Gathered {
  std::vector<ProvenEntry> entries{};
  std::string checkpoint{};  // as it was verified
};

// Errors: those of transcript::verify and read_file; kVerification "log-changed" (somebody wrote to
// it meanwhile).
[[nodiscard]] Gathered gather(const site::Site& site, const Scope& scope);

}  // namespace keyrite::certificate
