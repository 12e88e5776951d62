// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The signature of a person over a certificate of key destruction: somebody of the roster, who did
// not perform the destruction, signs the file after verifying it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "approval/roster.h"
#include "base/bytes.h"
#include "certificate/verification.h"

namespace keyrite::certificate {

// What `ssh-keygen -Y sign -n` is told: no signature for an approval is one for a certificate.
inline constexpr std::string_view kCountersignNamespace = "keyrite-certificate@keyrite";

// The identity of who signed exactly this file. `signature`: SSH or CMS; `origin` names its file.
// Errors kVerification "countersignature-unknown" (a key of nobody in the roster, or of somebody
// whose time, or whose certificate's, is not that of the certificate), "countersignature-wrong"
// (not over this file, not for this purpose, or without the touch that its key demands),
// "countersignature-performer" (who signed performed a run).
[[nodiscard]] std::string countersigner(ByteView signature, std::string_view origin,
                                        std::string_view file, const Verified& verified,
                                        const approval::Roster& roster);

}  // namespace keyrite::certificate
