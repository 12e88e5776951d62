// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The objects of a version in a token, and whether they are what registry and log have of it,
// before they are destroyed. A pair of which a kill left one half is judged by that half. One
// session, one thread.
#pragma once

#include <vector>

#include "act/token_session.h"
#include "keys/validate_version.h"
#include "site/site.h"

namespace keyrite::keys {

// Secret, private and public key objects of this CKA_ID.
[[nodiscard]] std::vector<pkcs11::ObjectHandle> objects_of(const pkcs11::Session& session,
                                                           const Bytes& id);

// Where there is any. Errors: those of require_recorded_key, and of is_left_half where a pair is
// not whole.
void require_objects_of(act::TokenSession& token, const VersionOnRecord& record,
                        const site::Site& site);

}  // namespace keyrite::keys
