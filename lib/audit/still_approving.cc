// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/still_approving.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "approval/approval_file.h"
#include "approval/quorum.h"
#include "approval/roster.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "site/site.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

// site/approvals/SHA256/statement.json; empty where that is not a site that can be read.
std::string roster_of_site(const std::string& statement) {
  try {
    const fs::path folder = fs::path(statement).parent_path();
    const auto site = site::read_site((folder / ".." / "..").lexically_normal().native());
    return site.path(site.settings.approvals.roster);
  } catch (const Error&) {
    return {};
  }
}

UnreadFile unread_file(std::string file, const Error& why) {
  return {.file = std::move(file), .why = why.message()};
}

std::vector<approval::ApprovalFile> signatures_beside(const std::string& statement,
                                                      std::vector<UnreadFile>& unread) {
  const fs::path parent = fs::path(statement).parent_path();
  const std::string folder = parent.empty() ? std::string(".") : parent.native();
  std::vector<std::string> paths;
  try {
    paths = approval::approval_paths({folder});
  } catch (const Error& error) {
    if (error.code() != "approvals-none-in-folder") unread.push_back(unread_file(folder, error));
  }
  std::vector<approval::ApprovalFile> files;
  for (const auto& path : paths) {
    try {
      files.push_back(approval::approval_file(path, read_file(path)));
    } catch (const Error& error) {
      unread.push_back(unread_file(path, error));
    }
  }
  return files;
}

std::vector<std::string> needed_roles(const approval::Approver& approver,
                                      const approval::Threshold& needed) {
  std::vector<std::string> roles;
  std::ranges::copy_if(approver.roles, std::back_inserter(roles),
                       [&](const std::string& role) { return needed.contains(role); });
  return roles;
}

bool holds(const approval::Approver& approver, TimePoint now) {
  return (!approver.valid_from || *approver.valid_from <= now) &&
         (!approver.valid_until || now < *approver.valid_until);
}

void judge(StillApproving& still, const approval::Roster& roster, const act::StatementFiles& files,
           TimePoint now) {
  const auto& statement = files.statement;
  approval::QuorumPolicy policy{.needed = statement.threshold,
                                .longest = std::chrono::floor<std::chrono::seconds>(
                                    statement.not_after - statement.not_before)};
  if (!statement.operator_name.empty()) policy.initiators.push_back(statement.operator_name);
  policy.initiator_counts = policy.initiators.empty();
  const auto quorum = approval::judge_quorum(roster, policy, files.bytes,
                                             signatures_beside(files.path, still.unread), now);
  for (const auto& file : quorum.files) {
    if (file.status == approval::FileStatus::kCounts) still.by.push_back(file.identity);
  }
  const auto asks = approval::person_named(roster, statement.operator_name);
  for (const auto& approver : roster.approvers) {
    auto roles = needed_roles(approver, statement.threshold);
    if (roles.empty() || !holds(approver, now) || asks == approver.identity ||
        std::ranges::find(still.by, approver.identity) != still.by.end())
      continue;
    still.may.push_back({approver.identity, std::move(roles)});
  }
}

}  // namespace

Json UnreadFile::to_json() const { return {{"file", file}, {"why", why}}; }

Json StillApproving::to_json() const {
  Json people = Json::array();
  Json missed = Json::array();
  for (const auto& one : unread) missed.push_back(one.to_json());
  for (const auto& one : may) people.push_back({{"identity", one.identity}, {"roles", one.roles}});
  return {{"roster", roster},
          {"is_other", is_other_roster},
          {"by", by},
          {"may", people},
          {"unread", missed}};
}

std::string StillApproving::text() const {
  if (is_other_roster)
    return fmt::format(
        "The roster {} is not the one that the statement names: nobody can approve "
        "the statement by it.\n",
        printable(roster));
  std::string text;
  for (const auto& [file, why] : unread)
    text += fmt::format("NOT READ: {}: {}\n", printable(file), why);
  if (roster_unread) return text + "Who may approve it is not known.\n";
  if (!unread.empty()) text += "Whoever signed there is missing among those who approved.\n";
  text += by.empty() ? fmt::format("Nobody has approved it yet{}.\n",
                                   unread.empty() ? "" : ", as far as it can be read")
                     : fmt::format("Who approved it already: {}\n", fmt::join(by, ", "));
  if (may.empty()) return text + "Nobody else of the roster may approve it.\n";
  text += "Who may still approve it:\n";
  for (const auto& [identity, roles] : may)
    text += fmt::format("  {} ({})\n", identity, fmt::join(roles, ", "));
  return text;
}

std::optional<StillApproving> still_approving(const act::StatementFiles& files,
                                              const std::optional<std::string>& roster,
                                              TimePoint now) {
  StillApproving still{.roster = roster.value_or(roster_of_site(files.path))};
  if (still.roster.empty()) return std::nullopt;
  try {
    const auto people = approval::read_roster(still.roster);
    still.is_other_roster = people.sha256 != files.statement.roster_sha256;
    if (!still.is_other_roster) judge(still, people, files, now);
  } catch (const Error& error) {
    if (roster) throw;
    still.roster_unread = true;
    still.unread.push_back(unread_file(still.roster, error));
  }
  return still;
}

}  // namespace keyrite::audit
