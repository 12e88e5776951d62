// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What rooms above need of campaigns and of the approvals that a policy wants. Reads the log; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "act/intent.h"
#include "approval/statement.h"
#include "base/json.h"
#include "registry/model.h"
#include "site/site.h"
#include "transcript/merkle.h"

namespace keyrite::act {

// What policy demands of an intent: the largest number of each role over the act and what it does
// beside. Empty: nobody.
[[nodiscard]] approval::Threshold threshold_for(const site::ApprovalSettings& settings,
                                                const Intent& intent);

// What an entry says of a campaign under which it acted: a member of its intent. nullptr: it is no
// intent, or has none.
[[nodiscard]] const Json* campaign_use_in(const Json& entry);

// How many intents of the log acted under the campaign. Errors: those of read_log; kVerification
// "campaign-log-changed": the log does not begin with what was signed at `signed_head`, if that is
// given. `opened`: the entry that opened the campaign, as the registry has it: where that entry
// says so, and the log is shown to be the signed one from there on, nothing before it is read.
[[nodiscard]] std::uint64_t campaign_uses(
    const site::Site& site, const std::string& id,
    const std::optional<transcript::TreeHead>& signed_head = std::nullopt,
    const std::optional<registry::LogEntry>& opened = std::nullopt);

}  // namespace keyrite::act
