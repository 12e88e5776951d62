// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether an act is the step of a ceremony that was approved as a whole. What officers approved is
// in the intent that opened the ceremony: its file's SHA-256, the operations, and the request of
// each step. The log is read, and must be the one that was signed. One thread.
#pragma once

#include "act/ceremony_use.h"
#include "act/internal/approval_gate.h"
#include "approval/statement.h"

namespace keyrite::act {

// True: the approval of the ceremony is that of this act. False: the ceremony's statement does not
// show this operation, so the act needs approvals of its own. Errors kVerification
// "ceremony-unknown", "ceremony-closed", "ceremony-over" (its days are over),
// "ceremony-other-file", "ceremony-other-step" (the request is not the one of the step),
// "ceremony-too-few" (policy wants more people today than approved it), "ceremony-log-changed".
[[nodiscard]] bool covered_by_ceremony(const ApprovalContext& scene, const Intent& intent,
                                       const approval::Threshold& needed, const CeremonyUse& use);

}  // namespace keyrite::act
