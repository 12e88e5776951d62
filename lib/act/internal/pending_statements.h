// The approval statements that stand in a site's approvals folder, one folder each, named by the
// statement's SHA-256. Anybody may have put one there: each is compared with what is asked for now.
// Reads and writes files; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/internal/approval_gate.h"
#include "approval/quorum.h"
#include "approval/statement.h"
#include "approval/statement_comparison.h"

namespace keyrite::act {

struct PendingStatement {
  std::string path{};
  Bytes bytes{};
  std::string sha256{};
  approval::Statement statement{};
};

// All that can be read and are in the folder of their name, in that order. Others are skipped.
[[nodiscard]] std::vector<PendingStatement> pending_statements(const std::string& folder);

// Those of them under which something can still be done: no entry of the log used it, its time is
// not over, and nobody confirmed the clock since. A site keeps all old ones: a used one is not
// read, and an expired one not parsed.
[[nodiscard]] std::vector<PendingStatement> live_statements(const std::string& folder,
                                                            const ApprovalContext& scene);

// One that is due now and whose names are those of the request, that was not used and holds for at
// least half of its time. Of an older version none is.
[[nodiscard]] std::optional<PendingStatement> find_waiting(const std::string& folder,
                                                           const approval::Due& due,
                                                           const ApprovalContext& scene);
// Writes request.json and names.json beside it; it has their SHA-256. Errors: write_new_folder's.
[[nodiscard]] PendingStatement write_statement(const std::string& folder,
                                               const approval::Statement& statement,
                                               const std::string& request,
                                               const std::string& names);

// How many files are good signatures over the statement, whether they count or not.
[[nodiscard]] std::size_t signatures_over(const approval::Quorum& quorum);

// Errors kVerification "statement-used", "statement-before-clock", those of approval::differences;
// where the request is another one, with the members of request.json that differ. Of a statement of
// another site those of require_for_this_site (other_site_statement.h).
void require_for_this(const PendingStatement& pending, const ApprovalContext& scene,
                      const approval::Due& due);

// "  2 of role security-officer", a line each.
[[nodiscard]] std::string needs_text(const approval::Threshold& threshold);
}  // namespace keyrite::act
