#include <filesystem>

#include <fmt/format.h>

#include "approval/quorum.h"
#include "audit/internal/approval_commands.h"
#include "audit/internal/approval_uses.h"
#include "audit/internal/export_part.h"
#include "audit/statement_uses.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/history.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

// Each statement with its request and with the intent that used it.
void compare_statements(const ExportedLog& log, const StatementUses& uses) {
  const std::string folder = log.source.site.value_or(log.source.folder);
  (void)require_statements(
      uses, site::in_site(folder, site::kApprovalsName),
      log_of_use(log.audited.verified.checkpoint.origin, log.source.keys, log.leaves),
      log.source.site ? Holder::kSite : Holder::kCopy);
}

// The roster that a statement names: an earlier one among the evidence, or the site's.
Bytes roster_of(const ExportedLog& log, const std::string& sha256) {
  Bytes kept = kept_evidence(log, sha256);
  const fs::path own = fs::path(*log.source.site) / site::kRosterName;
  if (!kept.empty() || !is_there(own)) return kept;
  Bytes content = read_file(own);
  return approval::statement_sha256(content) == sha256 ? content : Bytes{};
}

approval::QuorumPolicy policy_of(const approval::Statement& statement) {
  const auto length =
      std::chrono::duration_cast<std::chrono::seconds>(statement.not_after - statement.not_before);
  // What the statement itself asks for; how long it may hold was the site's affair, then.
  return {.needed = statement.threshold,
          .initiator_counts = true,
          .longest = length + std::chrono::seconds(1)};
}

// One statement with its request, its approvals and its roster.
class ApprovalExport {
 public:
  ApprovalExport(const ExportedLog& log, std::string statement_sha256, const ApprovalUse& use)
      : log_(log), sha256_(std::move(statement_sha256)), use_(use) {
    folder_ = "approvals/" + sha256_;
    if (!log.source.site) refuse("but there is no site");
    place_ = fs::path(*log.source.site) / folder_;
    statement_bytes_ = required(site::kStatementName, sha256_);
    statement_ = approval::statement_from_bytes(statement_bytes_, folder_ + "/statement.json");
    if (use.roster != statement_.roster_sha256)
      refuse("whose statement names another roster than the entry");
  }

  ExportedApproval add_to(ExportPart& part, bool names) {
    const Bytes bytes = roster_of(log_, statement_.roster_sha256);
    if (bytes.empty()) {
      refuse_approval("approval-roster-missing", use_, sha256_,
                      fmt::format("whose roster {} is not in the site", statement_.roster_sha256));
    }
    const auto roster = approval::parse_roster(bytes, "the roster");
    roster_name_ = "rosters/" + statement_.roster_sha256;
    add_roster_files(part, roster_name_, bytes, roster);
    const auto files = signatures();
    const auto quorum =
        approval::judge_quorum(roster, policy_of(statement_), statement_bytes_, files, use_.time);
    require_enough(quorum);
    ExportedApproval exported{.statement_sha256 = sha256_, .entries = use_.entries};
    for (const auto& file : quorum.files) exported.identities.push_back(file.identity);
    exported.withheld = !names && has_names();
    describe(part.verify, quorum);
    if (exported.withheld) {
      say_withheld(part.verify);
      return exported;
    }
    add_statement(part, names);
    say_statement(part.verify);
    for (std::size_t i = 0; i < files.size(); ++i) {
      part.files.push_back(text_file(folder_ + "/" + files[i].name, files[i].content));
      add_command(part.verify, quorum.files[i]);
    }
    return exported;
  }

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    refuse_approval("approval-missing", use_, sha256_, why);
  }

  [[nodiscard]] bool has(const std::string& name) const { return is_there(place_ / name); }

  [[nodiscard]] std::string sha256_of(const std::string& name) const {
    return crypto::sha256_hex(read_file(place_ / name));
  }

  // A file of the approval's folder that the log, or what the log names, has the SHA-256 of.
  [[nodiscard]] Bytes required(const std::string& name, const std::string& sha256) const {
    if (!has(name)) refuse(fmt::format("whose {} is not in approvals/", name));
    Bytes content = read_file(place_ / name);
    if (crypto::sha256_hex(content) == sha256) return content;
    refuse(fmt::format("whose {} is another file than the log names", name));
  }

  // Exactly those that the entry names, each under a name that we give: it stands in a command.
  [[nodiscard]] std::vector<approval::ApprovalFile> signatures() const {
    std::vector<approval::ApprovalFile> found;
    for (const auto& one : use_.by) {
      if (!approval::is_identity(one.identity))
        refuse(
            fmt::format("by \"{}\", and a roster cannot have that name", printable(one.identity)));
      const std::string ssh = one.identity + ".sshsig";
      const std::string name =
          has(ssh) && sha256_of(ssh) == one.file_sha256 ? ssh : one.identity + ".p7s";
      found.push_back({.name = name, .content = as_text(required(name, one.file_sha256))});
    }
    return found;
  }

  // A statement of version 1 names its key, and so does its request.
  [[nodiscard]] bool has_names() const { return statement_.version == 1; }

  // compare_statements compares request and names with what the statement says.
  void add_statement(ExportPart& part, bool names) const {
    std::vector<const char*> beside{site::kRequestName};
    if (!has(site::kRequestName)) refuse("whose request.json is not in approvals/");
    if (names && has(site::kNamesName)) beside.push_back(site::kNamesName);
    part.files.push_back(
        {.name = folder_ + "/" + site::kStatementName, .content = statement_bytes_});
    for (const char* name : beside)
      part.files.push_back({.name = folder_ + "/" + name, .content = read_file(place_ / name)});
  }

  void require_enough(const approval::Quorum& quorum) const {
    if (!quorum.objections.empty()) {
      refuse_approval("approval-not-enough", use_, sha256_,
                      "whose statement was not valid then: " + quorum.objections.front().message());
    }
    if (!quorum.satisfied())
      refuse_approval("approval-not-enough", use_, sha256_, "which too few people signed");
  }

  void describe(VerifyText& text, const approval::Quorum& quorum) const {
    text.title(fmt::format("Approval {}", sha256_.substr(0, 16)));
    for (const auto& role : quorum.roles) {
      std::string names;
      for (const auto& identity : role.identities) names += " " + identity;
      text.say(fmt::format("{}: {} needed, {} approved:{}", role.role, role.needed,
                           role.identities.size(), names));
    }
    for (const std::uint64_t index : use_.entries) {
      text.say(fmt::format("Entry {} acted under this approval:", index));
      text.command(
          root_command(transcript::kCheckpointName, {"--entry", std::to_string(index), sha256_}));
    }
  }

  void say_withheld(VerifyText& text) const {
    text.say(
        "The statement and the request contain the name of the key (version 1), and this folder "
        "was made without names (--names no). They are NOT here, and neither are their signatures. "
        "keyrite checked them when it made this folder, and they were good. The log has the "
        "SHA-256 of each file: ask for the files if you need to check them yourself.");
  }

  void say_statement(VerifyText& text) const {
    text.say(
        "Section 3 checks that this is the statement that the entry names, and that the request "
        "and the roster are those that the statement names. request.json says what was asked for.");
    text.say(fmt::format(
        "These commands check the signatures. Each key and certificate must have been valid at {}, "
        "the time that counts for entry {}. Compare the names and keys with the roster:",
        format_rfc3339(use_.time), use_.entries.front()));
  }

  void add_command(VerifyText& text, const approval::FileVerdict& file) const {
    if (file.status != approval::FileStatus::kCounts) {
      text.say(fmt::format("{} did not count at that time: {}", file.name, file.sentence));
      return;
    }
    const auto command = fs::path(file.name).extension() == ".p7s" ? cms_command : ssh_command;
    text.command(command({.roster = roster_name_,
                          .identity = file.identity,
                          .time = use_.time,
                          .signature = folder_ + "/" + file.name,
                          .statement = folder_ + "/statement.json"}));
  }

  const ExportedLog& log_;
  std::string sha256_;
  const ApprovalUse& use_;
  std::string folder_{};  // in the site and in the export
  fs::path place_{};
  Bytes statement_bytes_{};
  approval::Statement statement_{};
  std::string roster_name_{};  // without its extension
};

}  // namespace

ExportPart export_approvals(const ExportedLog& log, bool names,
                            std::vector<ExportedApproval>& approvals) {
  ExportPart part;
  const StatementUses judged = statement_uses(log);
  for (const auto& [sha256, use] : uses_of(log.entries, judged))
    approvals.push_back(ApprovalExport(log, sha256, use).add_to(part, names));
  compare_statements(log, judged);
  return part;
}

}  // namespace keyrite::audit
