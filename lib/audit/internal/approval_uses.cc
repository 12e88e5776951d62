// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/approval_uses.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "approval/quorum.h"
#include "audit/internal/export_part.h"
#include "audit/statement_uses.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "transcript/entry_fields.h"
#include "transcript/history.h"

namespace keyrite::audit {

namespace {

std::vector<NamedApproval> approvals_in(const Json& entry) {
  std::vector<NamedApproval> by;
  for (const auto& one : transcript::entry_list(entry, "approval", "by"))
    by.push_back({.identity = transcript::entry_text(one, "identity"),
                  .file_sha256 = transcript::entry_text(one, "file_sha256")});
  return by;
}

// When the first intent under a statement was judged.
TimePoint judged_at(const StatementUses& judged, const std::string& statement) {
  const auto found = judged.all().find(statement);
  return found == judged.all().end() ? TimePoint{} : found->second.front().at;
}

}  // namespace

void refuse_approval(const char* code, const ApprovalUse& use, const std::string& statement,
                     std::string_view why) {
  throw Error(Kind::kVerification, code,
              fmt::format("entry {} names the approval {} {}", use.entries.front(),
                          printable(statement), why),
              "restore approvals/ and roster.toml of the site from a copy, then export again");
}

std::map<std::string, ApprovalUse> uses_of(const std::vector<Json>& entries,
                                           const StatementUses& judged) {
  std::map<std::string, ApprovalUse> uses;
  for (std::uint64_t i = 0; i < entries.size(); ++i) {
    const Json& entry = entries[i];
    if (!entry.contains("approval") ||
        transcript::entry_text(entry, "event") != transcript::kIntent)
      continue;
    const std::string statement = transcript::entry_text(entry, "approval", "statement_sha256");
    ApprovalUse& use = uses[statement];
    use.entries.push_back(i);
    if (!is_lower_hex(statement, kSha256Bytes))
      refuse_approval("approval-missing", use, statement, "which is not a SHA-256");
    if (use.entries.size() > 1) continue;
    use.time = judged_at(judged, statement);
    use.by = approvals_in(entry);
    use.roster = transcript::entry_text(entry, "approval", "roster_sha256");
  }
  return uses;
}

StatementUses statement_uses(const ExportedLog& log) {
  StatementUses uses;
  std::string_view rest = log.signed_lines();
  for (std::uint64_t index = 0; !rest.empty(); ++index) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    uses.take(index, line);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return uses;
}

}  // namespace keyrite::audit
