// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which approvals of a statement count, and whether they are enough.
#include "audit/count_approvals.h"
#include "act/statement_files.h"
#include "approval/approval_file.h"
#include "base/file.h"

namespace keyrite::audit {

approval::Quorum count_approvals(const CountApprovalsRequest& request, TimePoint now) {
  const act::StatementFiles beside = act::read_statement_files(request.statement);
  act::require_agreement(beside);
  const approval::Statement& statement = beside.statement;
  approval::QuorumPolicy policy{.needed = statement.threshold,
                                .longest = std::chrono::floor<std::chrono::seconds>(
                                    statement.not_after - statement.not_before)};
  if (request.initiator) policy.initiators.push_back(*request.initiator);
  // Whoever asks does not count by default, as in a site.
  if (!statement.operator_name.empty() && !request.initiator_counts)
    policy.initiators.push_back(statement.operator_name);
  policy.initiator_counts = policy.initiators.empty();
  std::vector<approval::ApprovalFile> files;
  for (const std::string& path : approval::approval_paths(request.approval)) {
    files.push_back(approval::approval_file(path, read_file(path)));
  }
  return approval::judge_quorum(approval::read_roster(request.roster), policy, beside.bytes, files,
                                now);
}

}  // namespace keyrite::audit
