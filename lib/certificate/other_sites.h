// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One statement for several sites: what each of the others proves of it, by the document that it
// issued itself. A result counts for the site alone whose vkey officers approved, and for the very
// statement. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "certificate/verification.h"

namespace keyrite::certificate {

// Adds to the facts of the log `origin` which other sites the statements of its decisions name, and
// what `results` prove of them. Errors kVerification "destruction-site-other" (no statement names
// the site of a result with the vkey that signed it, or a site has two results),
// "destruction-site-statement" (it is the result of another statement, or of another list).
void add_other_sites(Facts& facts, const std::string& origin, const std::vector<Verified>& results);

}  // namespace keyrite::certificate
