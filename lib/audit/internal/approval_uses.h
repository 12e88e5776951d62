// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which approvals the entries of an exported log name, and when the first that used each was
// judged. Pure, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/internal/export_part.h"
#include "audit/statement_uses.h"
#include "base/clock.h"
#include "base/json.h"

namespace keyrite::audit {

// Whose approval the log says was counted, and the SHA-256 of the file.
struct NamedApproval {
  std::string identity{};
  std::string file_sha256{};
};

// Entries that acted under a statement, by which time the first of them was judged, and who had
// approved it.
struct ApprovalUse {
  std::vector<std::uint64_t> entries{};
  TimePoint time{};
  std::vector<NamedApproval> by{};
  std::string roster{};  // SHA-256
};

// Error kVerification `code`, of the approval that the entries name.
[[noreturn]] void refuse_approval(const char* code, const ApprovalUse& use,
                                  const std::string& statement, std::string_view why);

// By the SHA-256 of the statement. Intents only: what was asked for has not acted, and a result
// repeats its intent. Error kVerification "approval-missing".
[[nodiscard]] std::map<std::string, ApprovalUse> uses_of(const std::vector<Json>& entries,
                                                         const StatementUses& judged);
// Errors: those of StatementUses::take.
[[nodiscard]] StatementUses statement_uses(const ExportedLog& log);

}  // namespace keyrite::audit
