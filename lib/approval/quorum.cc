#include "approval/quorum.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "approval/statement_comparison.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

// Who runs the act and who asked for it, as the roster names them; who is not in the roster by the
// name given.
std::vector<std::string> excluded_people(const Roster& roster, const QuorumPolicy& policy,
                                         const Statement& statement) {
  if (policy.initiator_counts) return {};
  std::vector<std::string> names = policy.initiators;
  if (!statement.operator_name.empty()) names.push_back(statement.operator_name);
  for (std::string& name : names) name = person_named(roster, name).value_or(name);
  return names;
}

bool is_among(const std::vector<std::string>& people, std::string_view identity) {
  return std::ranges::any_of(people, [&](const auto& one) { return same_identity(one, identity); });
}

bool has_role(const Approver& approver, std::string_view role) {
  return std::ranges::find(approver.roles, role) != approver.roles.end();
}

[[noreturn]] void bad_policy(std::string_view why) {
  throw Error(Kind::kConfig, "quorum-policy", fmt::format("the approval policy {}", why),
              "correct [approvals.needed] in site.toml");
}

std::uint64_t people_who_may(const Roster& roster, const std::vector<std::string>& excluded,
                             std::string_view role) {
  const auto count = std::ranges::count_if(roster.approvers, [&](const Approver& approver) {
    return has_role(approver, role) && !is_among(excluded, approver.identity);
  });
  return static_cast<std::uint64_t>(count);
}

void require_policy(const QuorumPolicy& policy, const Roster& roster,
                    const std::vector<std::string>& excluded) {
  if (policy.needed.empty()) bad_policy("needs nobody");
  if (policy.longest <= std::chrono::seconds(0)) bad_policy("does not limit a statement's time");
  if (!policy.initiator_counts && policy.initiators.empty())
    bad_policy("excludes the initiator, and names none");
  for (const auto& [role, needed] : policy.needed) {
    if (needed == 0) bad_policy(fmt::format("needs nobody of role {}", printable(role)));
    const std::uint64_t there = people_who_may(roster, excluded, role);
    if (there < needed) {
      throw Error(
          Kind::kConfig, "quorum-unreachable",
          fmt::format("{} people of role {} are needed; the roster has {} who may count", needed,
                      printable(role), there),
          "correct the policy or the roster; one person more than needed lets somebody be away");
    }
  }
}

// What counting needs of a statement; what it is for is compared by whoever acts.
std::vector<Error> objections_to(const Statement& statement, const FileContext& context) {
  Due due{.only = {{"roster_sha256", "threshold"}},
          .at = context.now,
          .longest = context.policy.longest};
  due.statement.roster_sha256 = context.roster.sha256;
  due.statement.threshold = context.policy.needed;
  return differences(statement, due);
}

// Of a good signature, by the person alone.
FileStatus status_of(const Approver& approver, const FileContext& context) {
  if (approver.valid_from && context.now < *approver.valid_from) return FileStatus::kNotYetValid;
  if (approver.valid_until && context.now >= *approver.valid_until) return FileStatus::kExpired;
  if (is_among(context.excluded, approver.identity)) return FileStatus::kInitiator;
  const bool needed = std::ranges::any_of(
      context.policy.needed, [&](const auto& row) { return has_role(approver, row.first); });
  return needed ? FileStatus::kCounts : FileStatus::kNoNeededRole;
}

FileVerdict judge_file(const ApprovalFile& file, const FileContext& context,
                       std::set<std::string>& counted) {
  FileVerdict verdict{.name = file.name, .status = FileStatus::kUnknownSigner};
  const Approver* approver = looks_like_cms(file) ? judge_cms_file(file, context, verdict)
                                                  : judge_ssh_file(file, context, verdict);
  if (verdict.status == FileStatus::kCounts) verdict.status = status_of(*approver, context);
  if (verdict.status == FileStatus::kCounts && !counted.insert(verdict.identity).second) {
    verdict.status = FileStatus::kRepeated;
  }
  if (verdict.sentence.empty()) verdict.sentence = sentence_of(verdict, approver);
  return verdict;
}

std::vector<RoleCount> count_roles(const Quorum& quorum, const FileContext& context) {
  std::vector<RoleCount> roles;
  for (const auto& [role, needed] : context.policy.needed) {
    RoleCount count{.role = role, .needed = needed};
    for (const FileVerdict& file : quorum.files) {
      if (file.status != FileStatus::kCounts) continue;
      const auto approver =
          std::ranges::find(context.roster.approvers, file.identity, &Approver::identity);
      if (has_role(*approver, role)) count.identities.push_back(file.identity);
    }
    roles.push_back(std::move(count));
  }
  return roles;
}

}  // namespace

bool is_broken(FileStatus status) {
  constexpr std::array kBroken{FileStatus::kMalformed,        FileStatus::kWeakHash,
                               FileStatus::kBadSignature,     FileStatus::kOtherNamespace,
                               FileStatus::kOtherCertificate, FileStatus::kTouchMissing,
                               FileStatus::kUserNotVerified};
  return std::ranges::find(kBroken, status) != kBroken.end();
}

bool Quorum::satisfied() const {
  return objections.empty() && !roles.empty() &&
         std::ranges::all_of(roles, [](const RoleCount& role) { return role.reached(); });
}

Quorum judge_quorum(const Roster& roster, const QuorumPolicy& policy, ByteView statement,
                    const std::vector<ApprovalFile>& files, TimePoint now) {
  const Statement asked = statement_from_bytes(statement, "approval statement");
  const auto excluded = excluded_people(roster, policy, asked);
  require_policy(policy, roster, excluded);
  const FileContext context{
      .roster = roster, .policy = policy, .excluded = excluded, .statement = statement, .now = now};
  Quorum quorum{.statement_sha256 = statement_sha256(statement)};
  quorum.objections = objections_to(asked, context);
  std::set<std::string> counted;
  for (const ApprovalFile& file : files) {
    quorum.files.push_back(judge_file(file, context, counted));
  }
  quorum.roles = count_roles(quorum, context);
  return quorum;
}

}  // namespace keyrite::approval
