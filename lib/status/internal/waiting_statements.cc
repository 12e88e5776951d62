// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Statements of a site that somebody may still approve.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "act/statement_files.h"
#include "audit/still_approving.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "site/layout.h"
#include "status/internal/gathering.h"

namespace keyrite::status {

namespace {

namespace fs = std::filesystem;

// nullopt: it does not wait, or it is told as unread. Errors: those of read_statement_files and
// require_agreement.
std::optional<WaitingStatement> waiting_in(Status& status, const fs::path& folder) {
  const auto files = act::read_statement_files((folder / site::kStatementName).native());
  const auto& statement = files.statement;
  if (files.sha256 != folder.filename().native()) {
    status.unread.push_back({.file = files.path,
                             .why = fmt::format("{} is not the statement that its folder names",
                                                printable(files.path))});
    return std::nullopt;
  }
  if (statement.not_after < status.now) return std::nullopt;
  act::require_agreement(files);
  WaitingStatement waiting{
      .operation = statement.operation, .statement = files.path, .not_after = statement.not_after};
  if (files.names && files.names->contains(statement.kek_ref))
    waiting.key = files.names->at(statement.kek_ref);
  if (auto people = audit::still_approving(files, std::nullopt, status.now)) {
    waiting.by = std::move(people->by);
    std::ranges::move(people->unread, std::back_inserter(status.unread));
  }
  return waiting;
}

}  // namespace

void add_statements(Status& status, const site::Site& site, const transcript::History& history) {
  const std::string approvals = site.path(site::kApprovalsName);
  std::error_code failed;
  for (auto entry = fs::directory_iterator(approvals, failed);
       !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const fs::path folder = entry->path();
    const std::string name = folder.filename().native();
    if (!is_lower_hex(name, kSha256Bytes) || history.use_of(name)) continue;
    // Whatever is there, a statement that waits may be missing.
    try {
      if (auto waiting = waiting_in(status, folder))
        status.statements.push_back(*std::move(waiting));
    } catch (const Error& error) {
      status.unread.push_back({.file = folder.native(), .why = error.message()});
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory) {
    status.unread.push_back({.file = approvals,
                             .why = fmt::format("the folder {} cannot be read: {}",
                                                printable(approvals), failed.message())});
  }
  std::ranges::sort(status.statements, {}, &WaitingStatement::not_after);
}

}  // namespace keyrite::status
