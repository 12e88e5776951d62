// What is wrong with a site's approval policy: lines that protect nothing, that nobody could meet,
// or that are missing. Pure, any thread.
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
// policy must name). Approvers whose time in the roster is over count: a site outlives it.
[[nodiscard]] std::vector<PolicyFault> policy_faults(const ApprovalSettings& settings,
                                                     const std::optional<approval::Roster>& roster);

// The same of what is enough about a wrapping key: "policy-role-short" (fewer people of the role
// fetcher than must vouch), "policy-line-missing" (wrapping keys may be pinned, and nobody said who
// approves that).
[[nodiscard]] std::vector<PolicyFault> wrapping_key_faults(
    const Settings& settings, const std::optional<approval::Roster>& roster);

// Whether any operation needs anybody, and so the roster.
[[nodiscard]] bool needs_anybody(const ApprovalSettings& settings);

// Error kConfig with the code of the first fault of either.
void require_policy(const Settings& settings, const std::optional<approval::Roster>& roster);

}  // namespace keyrite::site
