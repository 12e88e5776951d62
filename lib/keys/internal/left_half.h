// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is left of a pair when a run that destroyed it was killed between the two halves. One
// session, one thread.
#pragma once

#include "act/token_session.h"
#include "keys/validate_version.h"
#include "site/site.h"

namespace keyrite::keys {

// Whether the token has one half of the version and no other object of it; that half is then the
// one on record: the public one by its SHA-256, the private one by what it does, with the public
// half that the log has. Errors kVerification "version-differs"; kToken "object-ambiguous"; those
// of logged_public_half and require_public_half.
[[nodiscard]] bool is_left_half(act::TokenSession& token, const VersionOnRecord& record,
                                const site::Site& site);

}  // namespace keyrite::keys
