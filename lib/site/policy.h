// What is wrong with a site's approval policy: lines that protect nothing, that nobody could meet,
// or that are not there. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "approval/roster.h"
#include "site/site.h"

namespace keyrite::site {

struct PolicyFault {
  std::string code{};
  std::string sentence{};  // safe to print
};

// In the order of the policy: "policy-operation-unknown" (no such operation, or one before which
// nobody looks for approvals), "policy-role-short" (a role that fewer people of the roster hold
// than are needed; also when there is no roster), "policy-line-missing" (of an operation that
// policy must name). Whose time in the roster is over counts: time passes, and a site stays.
[[nodiscard]] std::vector<PolicyFault> policy_faults(const ApprovalSettings& settings,
                                                     const std::optional<approval::Roster>& roster);

// Whether any operation needs anybody, and so the roster.
[[nodiscard]] bool needs_anybody(const ApprovalSettings& settings);

// Error kConfig with the code of the first fault.
void require_policy(const ApprovalSettings& settings,
                    const std::optional<approval::Roster>& roster);

}  // namespace keyrite::site
