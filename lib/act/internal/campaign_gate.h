// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether an act is one of those that a campaign was approved for. A campaign is a decision: its
// plan is in the registry, the plan's SHA-256 in the log entry that opened it, and its uses are the
// intents in the log that name it. Reads both; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "act/campaign.h"
#include "act/internal/approval_gate.h"
#include "approval/statement.h"
#include "registry/decision.h"
#include "site/site.h"

namespace keyrite::act {

// The plan covers an act: errors kVerification "campaign-closed", "campaign-outside-window",
// "campaign-other-act", "campaign-other-key", "campaign-other-destination",
// "campaign-other-basis", "campaign-too-few" (policy wants more people today than approved it).
void require_covered(const registry::CampaignPlan& plan, const Intent& intent,
                     const approval::Threshold& needed, TimePoint now);

// The use that this act is. Errors: those of require_covered and Registry; kUsage
// "campaign-unknown"; kVerification "campaign-edited" (registry and log do not say the same of
// it), "campaign-log-changed" (the log is not what was signed), "campaign-used-up".
[[nodiscard]] CampaignUse require_campaign(const ApprovalContext& scene, const Intent& intent,
                                           const approval::Threshold& needed,
                                           const std::string& id);

}  // namespace keyrite::act
