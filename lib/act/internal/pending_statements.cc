#include "act/internal/pending_statements.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/internal/log_clock.h"
#include "act/internal/other_site_statement.h"
#include "approval/statement_names.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text_file.h"
#include "crypto/digest.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

using IsOld = std::function<bool(ByteView statement)>;

std::optional<PendingStatement> read_pending(const fs::path& path, const IsOld& is_old) {
  try {
    PendingStatement pending{.path = path.native(), .bytes = read_file(path)};
    if (is_old && is_old(pending.bytes)) return std::nullopt;
    pending.statement = approval::statement_from_bytes(pending.bytes, path.native());
    pending.sha256 = approval::statement_sha256(pending.bytes);
    return pending;
  } catch (const Error&) {
    return std::nullopt;  // no statement: nobody can have approved it
  }
}

// `is_used` is asked by the folder's name, before anything in it is read.
std::vector<PendingStatement> statements_in(
    const std::string& folder, const std::function<bool(const std::string& sha256)>& is_used,
    const IsOld& is_old) {
  std::vector<PendingStatement> all;
  std::error_code none;
  for (auto entry = fs::directory_iterator(folder, none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    const std::string name = entry->path().filename().native();
    if (is_used && is_used(name)) continue;
    auto pending = read_pending(entry->path() / site::kStatementName, is_old);
    // In a folder of another name its approvals would be kept where no auditor looks for them.
    if (pending && pending->sha256 == name) all.push_back(std::move(*pending));
  }
  std::ranges::sort(all, {}, &PendingStatement::path);
  return all;
}

// By its bytes, before they are parsed. Whatever says so is passed over, and that is all: what does
// not say so is judged as ever.
bool says_expired(std::string_view statement, TimePoint now) {
  constexpr std::string_view kField = R"("not_after":")";
  const auto field = statement.find(kField);
  if (field == std::string_view::npos) return false;
  statement.remove_prefix(field + kField.size());
  try {
    return now > parse_rfc3339(statement.substr(0, statement.find('"')), "not_after");
  } catch (const Error&) {
    return false;
  }
}

[[noreturn]] void not_for_this(std::string code, const PendingStatement& pending,
                               const std::string& why) {
  throw Error(Kind::kVerification, std::move(code),
              fmt::format("the approvals sign the statement {}, {}", pending.sha256, why),
              "run the same command without --approval: keyrite then writes a statement for the "
              "officers to sign");
}

// A file beside the statement; nullopt where it cannot be read.
std::optional<Bytes> beside(const PendingStatement& pending, const char* name) {
  try {
    return read_file(fs::path(pending.path).parent_path() / name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// The SHA-256 of names.json beside it, when it gives the names of this request: what the approvers
// were shown. Otherwise a text that is no hash.
std::string due_names_sha256(const PendingStatement& pending, const approval::Names& names) {
  const auto bytes = beside(pending, site::kNamesName);
  try {
    if (bytes && approval::names_from_bytes(*bytes, site::kNamesName) == names)
      return crypto::sha256_hex(*bytes);
  } catch (const Error&) {
  }
  return "that of a names.json which gives the names of this command";
}

// Which part of the request was another one when it was approved; empty where that is not known.
std::string other_members(const PendingStatement& pending, const ApprovalContext& scene) {
  const auto bytes = beside(pending, site::kRequestName);
  if (!bytes || crypto::sha256_hex(*bytes) != pending.statement.request_sha256) return {};
  try {
    return differing_members(parse_json(*bytes, site::kRequestName), scene.request.json);
  } catch (const Error&) {
    return {};
  }
}

approval::Due due_for(const PendingStatement& pending, const ApprovalContext& scene,
                      const approval::Due& due) {
  approval::Due own = due;
  own.statement.names_sha256 = due_names_sha256(pending, scene.request.names);
  return own;
}

}  // namespace

std::vector<PendingStatement> pending_statements(const std::string& folder) {
  return statements_in(folder, {}, {});
}

std::vector<PendingStatement> live_statements(const std::string& folder,
                                              const ApprovalContext& scene) {
  auto live = statements_in(
      folder, [&](const std::string& sha256) { return scene.history.use_of(sha256).has_value(); },
      [&](ByteView statement) { return says_expired(as_text(statement), scene.now); });
  std::erase_if(live, [&](const PendingStatement& pending) {
    return is_before_clock(pending.statement, scene.history);
  });
  return live;
}

std::optional<PendingStatement> find_waiting(const std::string& folder, const approval::Due& due,
                                             const ApprovalContext& scene) {
  const auto half = (due.statement.not_after - due.statement.not_before) / 2;
  for (auto& pending : live_statements(folder, scene)) {
    if (pending.statement.not_after < due.statement.not_before + half) continue;
    if (approval::differences(pending.statement, due_for(pending, scene, due)).empty())
      return pending;
  }
  return std::nullopt;
}

PendingStatement write_statement(const std::string& folder, const approval::Statement& statement,
                                 const std::string& request, const std::string& names) {
  PendingStatement pending{.bytes = approval::to_bytes(statement), .statement = statement};
  pending.sha256 = approval::statement_sha256(pending.bytes);
  const fs::path own = fs::path(folder) / pending.sha256;
  write_new_folder(own, {{.name = site::kStatementName, .content = pending.bytes},
                         text_file(site::kRequestName, request),
                         text_file(site::kNamesName, names)});
  pending.path = (own / site::kStatementName).native();
  return pending;
}

std::size_t signatures_over(const approval::Quorum& quorum) {
  using approval::FileStatus;
  constexpr std::array kOverIt{FileStatus::kCounts,
                               FileStatus::kRepeated,
                               FileStatus::kNoNeededRole,
                               FileStatus::kInitiator,
                               FileStatus::kExpired,
                               FileStatus::kNotYetValid,
                               FileStatus::kCertificateNotValid};
  return static_cast<std::size_t>(std::ranges::count_if(quorum.files, [&](const auto& file) {
    return std::ranges::find(kOverIt, file.status) != kOverIt.end();
  }));
}

void require_for_this(const PendingStatement& pending, const ApprovalContext& scene,
                      const approval::Due& due) {
  if (const auto used = scene.history.use_of(pending.sha256)) {
    not_for_this("statement-used", pending,
                 fmt::format("which entry {} of the log used already", *used));
  }
  if (is_of_other_site(pending, scene)) return require_for_this_site(pending, scene, due);
  require_after_clock(pending.statement, scene.history);
  const auto found = approval::differences(pending.statement, due_for(pending, scene, due));
  if (found.empty()) return;
  const Error& first = found.front();
  const std::string members = pending.statement.request_sha256 != due.statement.request_sha256
                                  ? other_members(pending, scene)
                                  : std::string();
  if (!members.empty()) {
    throw Error(first.kind(), first.code(),
                fmt::format("the approvals sign the statement {}, which was made for another "
                            "command: what differs is {}",
                            pending.sha256, members),
                "run the command that was approved (keyrite approve show says it), or have this "
                "one approved: run it without --approval");
  }
  throw Error(
      first.kind(), first.code(),
      fmt::format("the approvals sign the statement {}: {}", pending.sha256, first.message()),
      first.hint());
}

std::string needs_text(const approval::Threshold& threshold) {
  std::vector<std::string> lines;
  for (const auto& [role, count] : threshold)
    lines.push_back(fmt::format("  {} of role {}", count, role));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace keyrite::act
