// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Somebody comes in by a signature: over a text that names this ceremony, the role and the person,
// and has random bytes, so that it is of this room and this hour. The key is that of the roster.
// One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "act/context.h"
#include "base/bytes.h"
#include "ceremony/check_in_text.h"
#include "ceremony/dialogue.h"
#include "ceremony/folder.h"
#include "site/site.h"

namespace keyrite::ceremony {

struct SignedCheckIn {
  std::string signature_sha256{};
  std::vector<Bytes> evidence{};  // the text, and the signature
};
// Writes the text into the ceremony's folder, says how it is signed, and asks for the signature's
// file until it is one by a key that the roster has for this person in this role. Errors: those of
// Dialogue::ask and read_roster.
[[nodiscard]] SignedCheckIn signed_check_in(const CheckInText& who, const site::Site& site,
                                            const CeremonyFolder& folder, const Dialogue& dialogue,
                                            const act::Context& context);

}  // namespace keyrite::ceremony
