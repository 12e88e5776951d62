// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// approve count: who signed a statement, and whether they are enough. Reads files alone, writes
// nothing, never at a token. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "approval/quorum.h"
#include "base/clock.h"

namespace keyrite::audit {

struct CountApprovalsRequest {
  std::string statement{};
  std::string roster{};
  std::vector<std::string> approval{};
  std::optional<std::string> initiator{};
  bool initiator_counts{false};
  [[nodiscard]] static const std::vector<act::Field<CountApprovalsRequest>>& table();
};

// What is beside the statement must not contradict it (require_agreement). By the numbers of
// the statement itself and for as long as it says, whoever it names as asking not counting unless
// that is said; the policy of a site may ask for more. Errors: those of read_file,
// approval::read_roster and approval::judge_quorum.
[[nodiscard]] approval::Quorum count_approvals(const CountApprovalsRequest& request, TimePoint now);

// statement_sha256, satisfied, objections (code, message), roles (role, needed, identities), files
// (file, fate, identity, fingerprint, sentence).
[[nodiscard]] Json to_json(const approval::Quorum& quorum);
// 0 when satisfied; 6 when the statement cannot be approved; 7 when people are missing.
[[nodiscard]] int exit_code_of(const approval::Quorum& quorum);

}  // namespace keyrite::audit
