// The approval statements that stand in a site's approvals folder, one folder each, named by the
// statement's SHA-256. Anybody may have put one there: each is compared with what is asked for now.
// Reads and writes files; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/internal/approval_gate.h"
#include "approval/quorum.h"
#include "approval/statement.h"

namespace keyrite::acts {

struct PendingStatement {
  std::string path{};
  Bytes bytes{};
  std::string sha256{};
  approval::Statement statement{};
};

// All of them that can be read, in the order of their names; others are passed over.
[[nodiscard]] std::vector<PendingStatement> pending_statements(const std::string& folder);

// One that asks for the same as `due` and holds for at least half of its time, and was not used.
[[nodiscard]] std::optional<PendingStatement> find_waiting(const std::string& folder,
                                                           const approval::Statement& due,
                                                           const transcript::History& history);
// Beside it stands request.json, the request whose SHA-256 the statement names as script_sha256.
// Errors: those of write_new_folder.
[[nodiscard]] PendingStatement write_statement(const std::string& folder,
                                               const approval::Statement& statement,
                                               const std::string& request);

// How many files are good signatures over the statement, whether they count or not.
[[nodiscard]] std::size_t signatures_over(const approval::Quorum& quorum);

// Errors kVerification "statement-used", "statement-other-token", "statement-other-log",
// "statement-other-request".
void require_for_this(const PendingStatement& pending, const GateScene& scene,
                      const Intent& intent);

// "  2 of role security-officer", a line each.
[[nodiscard]] std::string needs_text(const approval::Threshold& threshold);
}  // namespace keyrite::acts
