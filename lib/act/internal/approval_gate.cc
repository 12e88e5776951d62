#include "act/internal/approval_gate.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/awaits_approval.h"
#include "act/internal/campaign_gate.h"
#include "act/internal/ceremony_gate.h"
#include "act/internal/other_site_statement.h"
#include "act/internal/pending_statements.h"
#include "approval/approval_file.h"
#include "approval/operation.h"
#include "approval/quorum.h"
#include "approval/signing_commands.h"
#include "approval/statement_comparison.h"
#include "approval/statement_names.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdentifierBytes = 16;

const site::Site& site_of(const ApprovalContext& scene) { return scene.context.site.value().site; }

// Who runs this act: what he says he is, and what this machine says.
std::vector<std::string> initiators_of(const ApprovalContext& scene) {
  std::vector<std::string> names{scene.context.operator_name};
  if (!scene.context.user.empty()) names.push_back(scene.context.user);
  return names;
}

approval::QuorumPolicy policy_for(const ApprovalContext& scene, const approval::Threshold& needed) {
  const auto& settings = site_of(scene).settings.approvals;
  return {.needed = needed,
          .initiators = initiators_of(scene),
          .initiator_counts = settings.initiator_counts,
          .longest = settings.longest,
          .demands = {.user_verified = settings.require_user_verification}};
}

struct RosterFile {
  Bytes bytes{};
  approval::Roster roster{};
};

RosterFile roster_of(const ApprovalContext& scene, const Intent& intent) {
  const auto& site = site_of(scene);
  const std::string path = site.path(site.settings.approvals.roster);
  if (!is_there(path)) {
    throw Error(Kind::kConfig, "roster-missing",
                fmt::format("{} needs approvals, and the site has no roster {}",
                            operation_of(intent), printable(path)),
                "write the roster (docs/formats/approval.md), with the approvers at the table");
  }
  require_ours_alone(path);
  RosterFile file{.bytes = read_file(path)};
  file.roster = approval::parse_roster(file.bytes, path);
  return file;
}

// The statement that is due now, and by which rules one that is older is judged.
approval::Due due_now(const ApprovalContext& scene, const Intent& intent,
                      const approval::Roster& roster, const approval::Threshold& needed) {
  const auto& settings = site_of(scene).settings;
  const auto now = std::chrono::floor<std::chrono::seconds>(scene.now);
  approval::Due due{.at = scene.now, .longest = settings.approvals.longest};
  due.statement = {
      .ceremony_id = to_hex(crypto::random_bytes(kIdentifierBytes)),
      .request_sha256 = scene.request.sha256(),
      .tool_version = scene.context.tool_version,
      .operation = operation_of(intent),
      .operator_name = printable(scene.context.operator_name),
      .kek_ref = scene.request.key,
      .module_sha256 = scene.module_sha256.empty() ? approval::kNoModule : scene.module_sha256,
      .token_serial = scene.token_serial,
      .token_model = scene.token_model,
      .log_origin = settings.log.origin,
      .log_size = scene.signed_head.size,
      .log_root = to_hex(scene.signed_head.root),
      .roster_sha256 = roster.sha256,
      .threshold = needed,
      .not_before = now,
      .not_after = now + settings.approvals.longest};
  if (intent.valid_until) {
    due.latest = std::chrono::floor<std::chrono::seconds>(*intent.valid_until);
    due.statement.not_after = std::min(due.statement.not_after, *due.latest);
  }
  due.root_of = scene.root_of;
  return due;
}

std::vector<approval::ApprovalFile> read_approvals(const std::vector<std::string>& paths) {
  std::vector<approval::ApprovalFile> files;
  for (const auto& path : approval::approval_paths(paths))
    files.push_back(approval::approval_file(fs::path(path).filename().native(), read_file(path)));
  return files;
}

std::string tally_text(const approval::Quorum& quorum) {
  std::string text;
  for (const auto& role : quorum.roles) {
    text += fmt::format("\n{}: {} of {}{}", role.role, role.identities.size(), role.needed,
                        role.identities.empty()
                            ? std::string()
                            : fmt::format(" ({})", fmt::join(role.identities, ", ")));
  }
  for (const auto& file : quorum.files)
    text += fmt::format("\n{}: {}", printable(file.name), file.sentence);
  return text;
}

AwaitedApproval awaited(const PendingStatement& pending) {
  return {.statement = pending.path,
          .sha256 = pending.sha256,
          .needed = pending.statement.threshold,
          .not_after = pending.statement.not_after};
}

[[noreturn]] void incomplete(const Intent& intent, const approval::Quorum& quorum,
                             const PendingStatement& pending) {
  throw AwaitsApproval(
      Error(Kind::kWaiting, "approval-incomplete",
            fmt::format("{} has too few approvals:{}", operation_of(intent), tally_text(quorum)),
            "get the missing approvals, and run the same command again with all of them"),
      awaited(pending));
}

[[noreturn]] void waiting_for_approval(const Intent& intent, const PendingStatement& pending) {
  throw AwaitsApproval(
      Error(Kind::kWaiting, "approval-needed",
            fmt::format("{} needs approvals, and waits for them:\n{}", operation_of(intent),
                        needs_text(pending.statement.threshold)),
            fmt::format("read the statement:\n    keyrite approve show {}\n{}Then run the same "
                        "command again before {}, with\n    --approval FILE...",
                        shell_quote(pending.path),
                        approval::how_to_approve(pending.path, pending.sha256),
                        format_rfc3339(pending.statement.not_after))),
      awaited(pending));
}

Approval approval_of(const approval::Quorum& quorum, const approval::Roster& roster,
                     const std::vector<approval::ApprovalFile>& files) {
  Approval approval{.statement_sha256 = quorum.statement_sha256, .roster_sha256 = roster.sha256};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& verdict = quorum.files[i];
    if (verdict.status != approval::FileStatus::kCounts) continue;
    const auto approver =
        std::ranges::find(roster.approvers, verdict.identity, &approval::Approver::identity);
    approval.by.push_back({.identity = verdict.identity,
                           .roles = approver->roles,
                           .file_sha256 = crypto::sha256_hex(as_bytes(files[i].content))});
  }
  return approval;
}

// Keeps what counted beside the statement, as IDENTITY.sshsig or IDENTITY.p7s, for auditors.
void keep(const PendingStatement& pending, const approval::Quorum& quorum,
          const std::vector<approval::ApprovalFile>& files) {
  const fs::path folder = fs::path(pending.path).parent_path();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (quorum.files[i].status != approval::FileStatus::kCounts) continue;
    const bool ssh = files[i].content.starts_with("-----BEGIN SSH SIGNATURE-----");
    replace_file(folder / (quorum.files[i].identity + (ssh ? ".sshsig" : ".p7s")),
                 as_bytes(files[i].content));
  }
}

// What the approvals that were brought are over, and what became of each.
struct Judged {
  PendingStatement pending{};
  approval::Quorum quorum{};
  std::size_t score{0};
};

// The statement that most of them sign; of two the one that asks for this. One that cannot be
// judged (it names an operator without whom too few are left) takes no other away.
class MostSigned {
 public:
  MostSigned(const ApprovalContext& scene, const approval::Roster& roster,
             const approval::QuorumPolicy& policy, const std::vector<approval::ApprovalFile>& files)
      : scene_(scene), roster_(roster), policy_(policy), files_(files) {}

  void look_at(std::vector<PendingStatement> statements) {
    for (auto& pending : statements) {
      try {
        auto quorum = approval::judge_quorum(roster_, policy_, pending.bytes, files_, scene_.now);
        const bool same = pending.statement.request_sha256 == scene_.request.sha256();
        const std::size_t score = 2 * signatures_over(quorum) + (same ? 1 : 0);
        if (score > best_.score) best_ = {std::move(pending), std::move(quorum), score};
      } catch (const Error& error) {
        if (!unjudged_) unjudged_ = error;
      }
    }
  }

  [[nodiscard]] bool is_signed() const { return best_.score > 1; }

  [[nodiscard]] Judged take() {
    if (best_.score != 0) return std::move(best_);
    if (unjudged_) throw Error(std::as_const(*unjudged_));
    throw Error(Kind::kVerification, "approvals-for-nothing",
                fmt::format("none of the --approval files signs a statement pending in {}",
                            printable(site_of(scene_).path(site::kApprovalsName))),
                "run the same command without --approval: keyrite then writes a statement for the "
                "officers to sign");
  }

 private:
  const ApprovalContext& scene_;
  const approval::Roster& roster_;
  const approval::QuorumPolicy& policy_;
  const std::vector<approval::ApprovalFile>& files_;
  Judged best_{};
  std::optional<Error> unjudged_{};
};

// A used or an expired statement is looked at only where the approvals sign none that is alive: to
// say so. Its signatures would cost every act as much as those that count.
Judged most_signed(const ApprovalContext& scene, const approval::Roster& roster,
                   const approval::QuorumPolicy& policy,
                   const std::vector<approval::ApprovalFile>& files) {
  const std::string folder = site_of(scene).path(site::kApprovalsName);
  MostSigned most(scene, roster, policy, files);
  most.look_at(live_statements(folder, scene));
  if (!most.is_signed()) most.look_at(pending_statements(folder));
  return most.take();
}

Approval judge(const ApprovalContext& scene, const approval::QuorumPolicy& policy,
               const RosterFile& roster_file, const Intent& intent, const approval::Due& due) {
  const auto files = read_approvals(scene.context.site->approvals);
  const Judged best = most_signed(scene, roster_file.roster, policy, files);
  require_for_this(best.pending, scene, due);
  for (const Error& objection : best.quorum.objections) throw Error(objection);
  if (!best.quorum.satisfied()) incomplete(intent, best.quorum, best.pending);
  for (const auto& file : best.quorum.files) {
    if (approval::is_broken(file.status))
      scene.context.note(fmt::format("{}: {}", printable(file.name), file.sentence));
  }
  keep(best.pending, best.quorum, files);
  Approval approval = approval_of(best.quorum, roster_file.roster, files);
  approval.not_after = std::chrono::floor<std::chrono::seconds>(best.pending.statement.not_after);
  approval.roster = roster_file.bytes;
  return approval;
}

}  // namespace

Json Approval::to_json() const {
  Json people = Json::array();
  for (const auto& one : by) {
    people.push_back(
        {{"identity", one.identity}, {"roles", one.roles}, {"file_sha256", one.file_sha256}});
  }
  return {{"statement_sha256", statement_sha256},
          {"not_after", format_rfc3339(not_after)},
          {"roster_sha256", roster_sha256},
          {"by", people}};
}

approval::Threshold threshold_for(const site::ApprovalSettings& settings, const Intent& intent) {
  std::vector<std::string> operations{intent.act};
  operations.insert(operations.end(), intent.also.begin(), intent.also.end());
  approval::Threshold merged;
  for (const auto& operation : operations) {
    const auto needed =
        settings.needed.find(std::string(approval::operation_named(operation).name));
    if (needed == settings.needed.end()) continue;
    for (const auto& [role, count] : needed->second) merged[role] = std::max(merged[role], count);
  }
  return merged;
}

std::optional<Approval> require_approval(const ApprovalContext& scene, const Intent& intent) {
  const auto needed = threshold_for(site_of(scene).settings.approvals, intent);
  require_statement_for_sites(scene, needed);
  // Whoever names a campaign gets its limits, also where nobody need approve.
  if (scene.context.site->campaign)
    return Approval{.campaign =
                        require_campaign(scene, intent, needed, *scene.context.site->campaign)};
  if (needed.empty()) return std::nullopt;
  const auto* const step = scene.context.site->step_of_ceremony();
  if (step != nullptr && covered_by_ceremony(scene, intent, needed, *step)) return std::nullopt;
  const auto file = roster_of(scene, intent);
  if (!site_of(scene).settings.approvals.initiator_counts)
    (void)approval::require_person(file.roster, scene.context.operator_name);
  const auto policy = policy_for(scene, needed);
  approval::Due due = due_now(scene, intent, file.roster, needed);
  if (!scene.context.site->approvals.empty()) return judge(scene, policy, file, intent, due);
  const std::string names =
      approval::names_text(scene.request.names, to_hex(crypto::random_bytes(kIdentifierBytes)));
  due.statement.names_sha256 = crypto::sha256_hex(as_bytes(names));
  // A roster that could never approve it is told now, not to the approvers.
  (void)approval::judge_quorum(file.roster, policy, approval::to_bytes(due.statement), {},
                               scene.now);
  const std::string folder = site_of(scene).path(site::kApprovalsName);
  auto pending = find_waiting(folder, due, scene);
  if (!pending) pending = write_statement(folder, due.statement, scene.request.text(), names);
  scene.asked(pending->sha256);
  waiting_for_approval(intent, *pending);
}

}  // namespace keyrite::act
