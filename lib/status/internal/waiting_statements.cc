// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Statements of a site that somebody may still approve.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "audit/statement_files.h"
#include "audit/still_approving.h"
#include "base/error.h"
#include "site/layout.h"
#include "status/internal/gathering.h"

namespace keyrite::status {

namespace {

namespace fs = std::filesystem;

// nullopt: it does not wait, or is none.
std::optional<WaitingStatement> waiting_in(const fs::path& folder, TimePoint now) {
  try {
    const auto files = audit::read_statement_files((folder / site::kStatementName).native());
    const auto& statement = files.statement;
    if (files.sha256 != folder.filename().native() || statement.not_after < now)
      return std::nullopt;
    WaitingStatement waiting{.operation = statement.operation,
                             .statement = files.path,
                             .not_after = statement.not_after};
    if (files.names && files.names->contains(statement.kek_ref))
      waiting.key = files.names->at(statement.kek_ref);
    if (const auto people = audit::still_approving(files, std::nullopt, now))
      waiting.by = people->by;
    return waiting;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

void add_statements(Status& status, const site::Site& site, const transcript::History& history) {
  std::error_code none;
  for (auto entry = fs::directory_iterator(site.path(site::kApprovalsName), none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    if (history.use_of(entry->path().filename().native())) continue;
    if (auto waiting = waiting_in(entry->path(), status.now))
      status.statements.push_back(*std::move(waiting));
  }
  std::ranges::sort(status.statements, {}, &WaitingStatement::not_after);
}

}  // namespace keyrite::status
