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

namespace keyrite::keys {

// Secret, private and public key objects of this CKA_ID.
[[nodiscard]] std::vector<pkcs11::ObjectHandle> objects_of(const pkcs11::Session& session,
                                                           const Bytes& id);

// Where there is any. Errors: those of require_recorded_key; of a pair that is not whole
// kVerification "version-differs": the half that is there is another key's.
void require_objects_of(act::TokenSession& token, const VersionOnRecord& record);

}  // namespace keyrite::keys
