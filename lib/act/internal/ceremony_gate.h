// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether an act is the step of a ceremony that was approved as a whole. What officers approved is
// in the intent that opened the ceremony: its file's SHA-256, the operations, and the request of
// each step. The log is read, and must be the one that was signed. One thread.
#pragma once

#include <string>
#include <vector>
#include "act/asked_request.h"

#include "act/ceremony_use.h"
#include "act/internal/approval_gate.h"
#include "approval/statement.h"
#include "base/clock.h"
#include "base/json.h"
#include "site/site.h"
#include "transcript/merkle.h"

namespace keyrite::act {

// What the signed log says of one ceremony.
struct OpenedCeremony {
  Json intent{};  // with the approvals, and the request of each step
  Json facts{};   // of the result that opened it
  bool closed{false};
};
// Only entries that the log's key vouches for open and close one. Errors kVerification
// "ceremony-not-opened", "ceremony-log-changed" (the log is not what was signed).
[[nodiscard]] OpenedCeremony opened_ceremony(const site::Site& site, const std::string& id,
                                             const transcript::TreeHead& signed_head);

// True: the approval of the ceremony is that of this act. False: the ceremony's statement does not
// show this operation, so the act needs approvals of its own. Errors kVerification
// "ceremony-closed", "ceremony-over-time" (its days are over), "ceremony-other-file",
// "ceremony-other-step" (the request is not the one of the step), "ceremony-too-few" (policy wants
// more people today than approved it, without those of `initiators`: who runs the act now).
[[nodiscard]] bool covers(const OpenedCeremony& opened, const Intent& intent,
                          const AskedRequest& asked, const approval::Threshold& needed,
                          const CeremonyUse& use, TimePoint now,
                          const std::vector<std::string>& initiators = {});

// Both, for an act that is to be done.
[[nodiscard]] bool covered_by_ceremony(const ApprovalContext& scene, const Intent& intent,
                                       const approval::Threshold& needed, const CeremonyUse& use);

}  // namespace keyrite::act
