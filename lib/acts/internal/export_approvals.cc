#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "acts/internal/export_part.h"
#include "acts/statement_files.h"
#include "approval/quorum.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/history.h"
#include "transcript/layout.h"

namespace keyrite::acts {

namespace {

namespace fs = std::filesystem;

// Entries that acted under a statement, and when the first of them did.
struct Use {
  std::vector<std::uint64_t> entries{};
  TimePoint time{};
};

[[noreturn]] void refuse_approval(const char* code, const Use& use, const std::string& statement,
                                  std::string_view why) {
  throw Error(Kind::kVerification, code,
              fmt::format("entry {} acted under the approval {}, {}", use.entries.front(),
                          printable(statement), why),
              "restore approvals/ and roster.toml of the site from a copy, then export again");
}

// Intents only: what was asked for has not acted, and a result repeats its intent.
std::map<std::string, Use> uses_of(const std::vector<Json>& entries) {
  std::map<std::string, Use> uses;
  for (std::uint64_t i = 0; i < entries.size(); ++i) {
    const JsonView entry(entries[i], fmt::format("entry {}", i));
    const auto approval = entry.find("approval");
    if (!approval || entry.optional_text("event") != transcript::kIntent) continue;
    Use& use = uses[approval->text("statement_sha256")];
    if (use.entries.empty()) use.time = parse_rfc3339(entry.text("time"), "time");
    use.entries.push_back(i);
  }
  return uses;
}

// Each statement with its request and with the intent that used it.
void compare_statements(const ExportedLog& log) {
  StatementUses uses;
  std::string_view rest = log.signed_lines();
  for (std::uint64_t index = 0; !rest.empty(); ++index) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    uses.take(index, line);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  const std::string folder = log.source.site.value_or(log.source.folder);
  (void)require_statements(uses, site::in_site(folder, site::kApprovalsName),
                           log_of_use(log.audited.verified.checkpoint.origin, log.leaves));
}

// The roster that a statement names: the site's, or an earlier one among the evidence.
Bytes roster_of(const ExportedLog& log, const std::string& sha256) {
  std::vector<fs::path> places{fs::path(log.source.folder) / transcript::kEvidenceName / sha256};
  if (log.source.site)
    places.insert(places.begin(), fs::path(*log.source.site) / site::kRosterName);
  for (const auto& place : places) {
    if (!is_there(place)) continue;
    Bytes content = read_file(place);
    if (approval::statement_sha256(content) == sha256) return content;
  }
  return {};
}

std::string ssh_time(TimePoint when) {
  std::string digits;
  for (const char c : format_rfc3339(when)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

// ssh-keygen(1), ALLOWED SIGNERS. Its valid-before is the last moment, ours the first one after.
std::string allowed_signers(const approval::Roster& roster) {
  std::string lines;
  for (const auto& approver : roster.approvers) {
    std::string options = fmt::format("namespaces=\"{}\"", approval::kApprovalNamespace);
    if (approver.valid_from)
      options += fmt::format(",valid-after=\"{}\"", ssh_time(*approver.valid_from));
    if (approver.valid_until) {
      options += fmt::format(",valid-before=\"{}\"",
                             ssh_time(*approver.valid_until - std::chrono::seconds(1)));
    }
    for (const auto& key : approver.keys) {
      lines += fmt::format("{} {} {} {}\n", approver.identity, options, ssh_name(key.type),
                           to_base64(key.blob));
    }
  }
  return lines;
}

// RFC 7468: lines of 64 characters.
std::string certificates_pem(const std::vector<crypto::Certificate>& certificates) {
  constexpr std::size_t kLine = 64;
  std::string text;
  for (const auto& certificate : certificates) {
    text += "-----BEGIN CERTIFICATE-----\n";
    const std::string coded = to_base64(certificate.der());
    for (std::size_t at = 0; at < coded.size(); at += kLine) text += coded.substr(at, kLine) + "\n";
    text += "-----END CERTIFICATE-----\n";
  }
  return text;
}

// allowed_signers for ssh-keygen, the authorities and each person's certificates for openssl.
void add_roster_files(ExportPart& part, const std::string& name, const Bytes& bytes,
                      const approval::Roster& roster) {
  const bool there = std::any_of(part.files.begin(), part.files.end(),
                                 [&](const auto& file) { return file.name == name + ".toml"; });
  if (there) return;
  part.files.push_back({.name = name + ".toml", .content = bytes});
  part.files.push_back(text_file(name + ".allowed_signers", allowed_signers(roster)));
  if (roster.authorities.empty()) return;
  part.files.push_back(text_file(name + ".ca.pem", certificates_pem(roster.authorities)));
  for (const auto& approver : roster.approvers) {
    if (approver.certificates.empty()) continue;
    part.files.push_back(text_file(fmt::format("{}.{}.pem", name, approver.identity),
                                   certificates_pem(approver.certificates)));
  }
}

// ssh-keygen reads the times in allowed_signers as local ones.
std::vector<std::string> ssh_command(const std::string& roster, const std::string& identity,
                                     TimePoint time, const std::string& signature,
                                     const std::string& statement) {
  return {"TZ=UTC",
          "ssh-keygen",
          "-Y",
          "verify",
          "-f",
          roster + ".allowed_signers",
          "-I",
          shell_quote(identity),
          "-n",
          std::string(approval::kApprovalNamespace),
          "-Overify-time=" + ssh_time(time),
          "-s",
          shell_quote(signature),
          "<",
          statement};
}

// Of the certificates none but this person's count, whatever the signature carries.
std::vector<std::string> cms_command(const std::string& roster, const std::string& identity,
                                     TimePoint time, const std::string& signature,
                                     const std::string& statement) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return {"openssl",
          "cms",
          "-verify",
          "-binary",
          "-inform",
          "DER",
          "-in",
          shell_quote(signature),
          "-content",
          statement,
          "-CAfile",
          roster + ".ca.pem",
          "-nointern",
          "-certfile",
          shell_quote(fmt::format("{}.{}.pem", roster, identity)),
          "-purpose",
          "any",
          "-attime",
          std::to_string(seconds),
          "-out",
          "/dev/null"};
}

approval::QuorumPolicy policy_of(const approval::Statement& statement) {
  const auto length =
      std::chrono::duration_cast<std::chrono::seconds>(statement.not_after - statement.not_before);
  // What the statement itself asks for; how long it may hold was the site's affair, then.
  return {.needed = statement.threshold,
          .initiator_counts = true,
          .longest = length + std::chrono::seconds(1)};
}

bool is_good(approval::Fate fate) {
  using approval::Fate;
  return fate == Fate::kCounts || fate == Fate::kRepeated || fate == Fate::kNoNeededRole;
}

// One statement with its approvals and its roster.
class ApprovalExport {
 public:
  ApprovalExport(const ExportedLog& log, std::string statement_sha256, const Use& use)
      : log_(log), sha256_(std::move(statement_sha256)), use_(use) {
    folder_ = "approvals/" + sha256_;
    if (!log.source.site)
      refuse_approval("approval-missing", use_, sha256_, "but there is no site");
    place_ = fs::path(*log.source.site) / folder_;
    if (!is_there(place_ / site::kStatementName))
      refuse_approval("approval-missing", use_, sha256_, "which is not in approvals/");
    statement_ = read_file(place_ / site::kStatementName);
    if (approval::statement_sha256(statement_) != sha256_)
      refuse_approval("approval-missing", use_, sha256_, "and in its place stands another one");
  }

  ExportedApproval add_to(ExportPart& part) {
    const auto statement = approval::statement_from_bytes(statement_, folder_ + "/statement.json");
    const Bytes bytes = roster_of(log_, statement.roster_sha256);
    if (bytes.empty()) {
      refuse_approval("approval-roster-missing", use_, sha256_,
                      fmt::format("whose roster {} is not here", statement.roster_sha256));
    }
    const auto roster = approval::parse_roster(bytes, "the roster");
    roster_name_ = "rosters/" + statement.roster_sha256;
    add_roster_files(part, roster_name_, bytes, roster);
    const auto quorum =
        approval::judge_quorum(roster, policy_of(statement), statement_, files(), use_.time);
    require_enough(quorum);
    part.files.push_back({.name = folder_ + "/statement.json", .content = statement_});
    describe(part.verify, quorum);
    ExportedApproval done{.statement_sha256 = sha256_, .entries = use_.entries};
    for (const auto& file : quorum.files) {
      if (!is_good(file.fate)) continue;
      part.files.push_back(
          {.name = folder_ + "/" + file.name, .content = read_file(place_ / file.name)});
      add_command(part.verify, file);
      done.identities.push_back(file.identity);
    }
    return done;
  }

 private:
  [[nodiscard]] std::vector<approval::ApprovalFile> files() const {
    std::vector<approval::ApprovalFile> found;
    for (const auto& name : names_in_folder(place_)) {
      const std::string kind = fs::path(name).extension();
      if (kind == ".sshsig" || kind == ".p7s")
        found.push_back({.name = name, .content = as_text(read_file(place_ / name))});
    }
    return found;
  }

  void require_enough(const approval::Quorum& quorum) const {
    if (!quorum.objections.empty()) {
      refuse_approval("approval-not-enough", use_, sha256_,
                      "which could not be approved then: " + quorum.objections.front().message());
    }
    if (!quorum.satisfied())
      refuse_approval("approval-not-enough", use_, sha256_, "which too few people signed");
  }

  void sha256_command(VerifyText& text, const std::string& sha256, const std::string& name) const {
    text.command({"printf", "'%s  %s\\n'", sha256, shell_quote(name), "|", "sha256sum", "--check",
                  "--strict"});
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
      text.say(fmt::format("Entry {} acted under it:", index));
      text.command(
          root_command(transcript::kCheckpointName, {"--entry", std::to_string(index), sha256_}));
    }
    text.say(
        "The statement is the one that the entry names, and the roster the one that the "
        "statement names:");
    sha256_command(text, sha256_, folder_ + "/statement.json");
    sha256_command(text, roster_name_.substr(roster_name_.find('/') + 1), roster_name_ + ".toml");
    text.say(
        fmt::format("Who signed it, each key and certificate taken at {}, when entry {} was "
                    "written; compare the names and keys with the roster:",
                    format_rfc3339(use_.time), use_.entries.front()));
  }

  void add_command(VerifyText& text, const approval::FileVerdict& file) const {
    const auto command = fs::path(file.name).extension() == ".p7s" ? cms_command : ssh_command;
    text.command(command(roster_name_, file.identity, use_.time, folder_ + "/" + file.name,
                         folder_ + "/statement.json"));
  }

  const ExportedLog& log_;
  std::string sha256_;
  const Use& use_;
  std::string folder_{};  // in the site and in the export
  fs::path place_{};
  Bytes statement_{};
  std::string roster_name_{};  // without its extension
};

}  // namespace

ExportPart export_approvals(const ExportedLog& log, std::vector<ExportedApproval>& approvals) {
  ExportPart part;
  for (const auto& [sha256, use] : uses_of(log.entries))
    approvals.push_back(ApprovalExport(log, sha256, use).add_to(part));
  compare_statements(log);
  return part;
}

}  // namespace keyrite::acts
