#include "approval/quorum.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::approval {
namespace {

// All that the judgement of one file depends on. Refers to the caller's values for one call.
struct Bench {
  const Roster& roster;
  const QuorumPolicy& policy;
  ByteView statement;
  TimePoint now;
};

bool is_excluded_initiator(const QuorumPolicy& policy, std::string_view identity) {
  return !policy.initiator_counts && same_identity(policy.initiator, identity);
}

bool has_role(const Approver& approver, std::string_view role) {
  return std::ranges::find(approver.roles, role) != approver.roles.end();
}

[[noreturn]] void bad_policy(std::string_view why) {
  throw Error(Kind::kConfig, "quorum-policy", fmt::format("the approval policy {}", why),
              "correct the policy of the ceremony");
}

std::uint64_t people_who_may(const Roster& roster, const QuorumPolicy& policy,
                             std::string_view role) {
  const auto count = std::ranges::count_if(roster.approvers, [&](const Approver& approver) {
    return has_role(approver, role) && !is_excluded_initiator(policy, approver.identity);
  });
  return static_cast<std::uint64_t>(count);
}

void require_policy(const QuorumPolicy& policy, const Roster& roster) {
  if (policy.needed.empty()) bad_policy("needs nobody");
  if (policy.longest <= std::chrono::seconds(0)) bad_policy("does not limit a statement's time");
  if (!policy.initiator_counts && policy.initiator.empty())
    bad_policy("excludes the initiator without naming one");
  for (const auto& [role, needed] : policy.needed) {
    if (needed == 0) bad_policy(fmt::format("needs nobody of role {}", printable(role)));
    const std::uint64_t there = people_who_may(roster, policy, role);
    if (there < needed) {
      throw Error(Kind::kConfig, "quorum-unreachable",
                  fmt::format("{} of role {} are needed, the roster has {} who may count", needed,
                              printable(role), there),
                  "correct the policy or the roster; leave room for one person to be away");
    }
  }
}

Error objection(std::string code, std::string message, std::string hint) {
  return {Kind::kVerification, std::move(code), std::move(message), std::move(hint)};
}

std::vector<Error> objections_to(const Statement& statement, const Bench& bench) {
  std::vector<Error> found;
  if (auto error = out_of_force(statement, bench.now)) found.push_back(std::move(*error));
  const auto length =
      std::chrono::floor<std::chrono::seconds>(statement.not_after - statement.not_before);
  if (length > bench.policy.longest) {
    found.push_back(
        objection("statement-too-long",
                  fmt::format("the statement holds for {}, the policy allows {}",
                              format_duration(length), format_duration(bench.policy.longest)),
                  "write a statement that holds for a shorter time"));
  }
  if (statement.roster_sha256 != bench.roster.sha256) {
    found.push_back(objection("statement-other-roster",
                              fmt::format("the statement names roster {}, this one is {}",
                                          statement.roster_sha256, bench.roster.sha256),
                              "take the roster that the approvers saw"));
  }
  if (statement.threshold != bench.policy.needed) {
    found.push_back(objection("statement-other-threshold",
                              "the statement names other numbers of approvers than the policy",
                              "have a statement approved that names those of the policy"));
  }
  return found;
}

Fate fate_of(SshOutcome outcome) {
  switch (outcome) {
    case SshOutcome::kGood:
      return Fate::kCounts;
    case SshOutcome::kOtherNamespace:
      return Fate::kOtherNamespace;
    case SshOutcome::kTouchMissing:
      return Fate::kTouchMissing;
    case SshOutcome::kUserNotVerified:
      return Fate::kUserNotVerified;
    case SshOutcome::kOtherKey:  // asked about the signer's own key: it cannot be
    case SshOutcome::kBadSignature:
      break;
  }
  return Fate::kBadSignature;
}

// Of a good signature, by the person alone.
Fate fate_of(const Approver& approver, const Bench& bench) {
  if (approver.valid_from && bench.now < *approver.valid_from) return Fate::kNotYetValid;
  if (approver.valid_until && bench.now >= *approver.valid_until) return Fate::kExpired;
  if (is_excluded_initiator(bench.policy, approver.identity)) return Fate::kInitiator;
  const bool needed = std::ranges::any_of(
      bench.policy.needed, [&](const auto& row) { return has_role(approver, row.first); });
  return needed ? Fate::kCounts : Fate::kNoNeededRole;
}

std::string sentence_of(const FileVerdict& verdict, const Approver* approver) {
  const std::string& who = verdict.identity;
  const auto when = [](const std::optional<TimePoint>& time) {
    return time ? format_rfc3339(*time) : std::string("no time");
  };
  switch (verdict.fate) {
    case Fate::kCounts:
      return fmt::format("{} approves as {}", who, fmt::join(approver->roles, ", "));
    case Fate::kRepeated:
      return fmt::format("{} has been counted already; a person counts once", who);
    case Fate::kNoNeededRole:
      return fmt::format("{} signed, but has no role that is needed here", who);
    case Fate::kInitiator:
      return fmt::format("{} signed, but asked for the act and does not count", who);
    case Fate::kNotYetValid:
      return fmt::format("{} signed, but may approve from {} on only", who,
                         when(approver->valid_from));
    case Fate::kExpired:
      return fmt::format("{} signed, but could approve until {} only", who,
                         when(approver->valid_until));
    case Fate::kUnknownSigner:
      return fmt::format("signed by {}, which is nobody's key in the roster: ignored",
                         verdict.fingerprint);
    case Fate::kBadSignature:
      return fmt::format("the signature of {} is not one over this statement", who);
    case Fate::kOtherNamespace:
      return fmt::format("{} did not sign for the namespace {}", who, kApprovalNamespace);
    case Fate::kTouchMissing:
      return fmt::format("{} signed by an authenticator that nobody touched", who);
    case Fate::kUserNotVerified:
      return fmt::format("{} signed by an authenticator that asked for no PIN or finger", who);
    case Fate::kMalformed:
    case Fate::kWeakHash:
      break;  // the Error of parsing says it
  }
  return {};
}

// Reads and verifies the file as one by this person, or, nullptr, as one by nobody known.
void judge_signature(const ApprovalFile& file, const Bench& bench, const Approver* approver,
                     FileVerdict& verdict) {
  try {
    const SshSignature signature = parse_ssh_signature(file.content, file.name);
    verdict.fate = fate_of(check_ssh_signature(signature, bench.statement, signature.key,
                                               kApprovalNamespace, bench.policy.demands));
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;  // OpenSSL's trouble says nothing of the file
    verdict.fate = error.code() == "sshsig-weak-hash" ? Fate::kWeakHash : Fate::kMalformed;
    verdict.sentence = printable(error.message());
    if (approver != nullptr) verdict.sentence += "; it claims to be by " + verdict.identity;
  }
}

FileVerdict judge_file(const ApprovalFile& file, const Bench& bench,
                       std::set<std::string>& counted) {
  FileVerdict verdict{.name = file.name, .fate = Fate::kUnknownSigner};
  const auto signer = claimed_signer(file.content);
  const Approver* approver = signer ? owner_of(bench.roster, *signer) : nullptr;
  if (signer) verdict.fingerprint = fingerprint(*signer);
  if (approver != nullptr) verdict.identity = approver->identity;
  if (!signer || approver != nullptr) judge_signature(file, bench, approver, verdict);
  if (verdict.fate == Fate::kCounts) verdict.fate = fate_of(*approver, bench);
  if (verdict.fate == Fate::kCounts && !counted.insert(verdict.identity).second) {
    verdict.fate = Fate::kRepeated;
  }
  if (verdict.sentence.empty()) verdict.sentence = sentence_of(verdict, approver);
  return verdict;
}

std::vector<RoleCount> count_roles(const Quorum& quorum, const Bench& bench) {
  std::vector<RoleCount> roles;
  for (const auto& [role, needed] : bench.policy.needed) {
    RoleCount count{.role = role, .needed = needed};
    for (const FileVerdict& file : quorum.files) {
      if (file.fate != Fate::kCounts) continue;
      const auto approver =
          std::ranges::find(bench.roster.approvers, file.identity, &Approver::identity);
      if (has_role(*approver, role)) count.identities.push_back(file.identity);
    }
    roles.push_back(std::move(count));
  }
  return roles;
}

}  // namespace

bool is_broken(Fate fate) {
  constexpr std::array kBroken{Fate::kMalformed,      Fate::kWeakHash,     Fate::kBadSignature,
                               Fate::kOtherNamespace, Fate::kTouchMissing, Fate::kUserNotVerified};
  return std::ranges::find(kBroken, fate) != kBroken.end();
}

bool Quorum::satisfied() const {
  return objections.empty() && !roles.empty() &&
         std::ranges::all_of(roles, [](const RoleCount& role) { return role.reached(); });
}

Quorum judge_quorum(const Roster& roster, const QuorumPolicy& policy, ByteView statement,
                    const std::vector<ApprovalFile>& files, TimePoint now) {
  require_policy(policy, roster);
  const Bench bench{.roster = roster, .policy = policy, .statement = statement, .now = now};
  Quorum quorum{.statement_sha256 = statement_sha256(statement)};
  quorum.objections = objections_to(statement_from_bytes(statement, "approval statement"), bench);
  std::set<std::string> counted;
  for (const ApprovalFile& file : files) {
    quorum.files.push_back(judge_file(file, bench, counted));
  }
  quorum.roles = count_roles(quorum, bench);
  return quorum;
}

}  // namespace keyrite::approval
