#include "act/internal/pending_statements.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/internal/log_clock.h"
#include "approval/statement_names.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text_file.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

std::optional<PendingStatement> read_pending(const fs::path& path) {
  try {
    PendingStatement pending{.path = path.native(), .bytes = read_file(path)};
    pending.statement = approval::statement_from_bytes(pending.bytes, path.native());
    pending.sha256 = approval::statement_sha256(pending.bytes);
    return pending;
  } catch (const Error&) {
    return std::nullopt;  // no statement: nobody can have approved it
  }
}

[[noreturn]] void not_for_this(std::string code, const PendingStatement& pending,
                               const std::string& why) {
  throw Error(Kind::kVerification, std::move(code),
              fmt::format("the approvals sign the statement {}, {}", pending.sha256, why),
              "run the same command without --approval: keyrite then writes a statement for the "
              "officers to sign");
}

// The root of the log's first `size` entries; nullopt when it has fewer.
std::optional<std::string> root_at(const std::string& log, std::uint64_t size) {
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  (void)transcript::read_log(log, [&](std::uint64_t, std::string_view entry) {
    if (tree.size() < size) tree.append(hasher.leaf(as_bytes(entry)));
    return tree.size() < size;
  });
  if (tree.size() < size) return std::nullopt;
  return to_hex(tree.root());
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
  std::vector<PendingStatement> all;
  std::error_code none;
  for (auto entry = fs::directory_iterator(folder, none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    auto pending = read_pending(entry->path() / site::kStatementName);
    // In a folder of another name its approvals would be kept where no auditor looks for them.
    if (pending && pending->sha256 == entry->path().filename()) all.push_back(std::move(*pending));
  }
  std::ranges::sort(all, {}, &PendingStatement::path);
  return all;
}

std::optional<PendingStatement> find_waiting(const std::string& folder, const approval::Due& due,
                                             const ApprovalContext& scene) {
  const auto half = (due.statement.not_after - due.statement.not_before) / 2;
  for (auto& pending : pending_statements(folder)) {
    if (pending.statement.not_after < due.statement.not_before + half) continue;
    if (scene.history.use_of(pending.sha256) || is_before_clock(pending.statement, scene.history))
      continue;
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
  require_after_clock(pending.statement, scene.history);
  const auto found = approval::differences(pending.statement, due_for(pending, scene, due));
  if (found.empty()) return;
  const Error& first = found.front();
  std::string why = first.message();
  if (pending.statement.request_sha256 != due.statement.request_sha256) {
    const std::string members = other_members(pending, scene);
    if (!members.empty()) why += fmt::format("; the approved request differs in {}", members);
  }
  throw Error(first.kind(), first.code(),
              fmt::format("the approvals sign the statement {}: {}", pending.sha256, why),
              first.hint());
}

std::function<std::optional<std::string>(std::uint64_t size)> roots_of_log(const site::Site& site) {
  return [log = transcript::log_of(site.path(site::kTranscriptName))](std::uint64_t size) {
    return root_at(log, size);
  };
}

std::string needs_text(const approval::Threshold& threshold) {
  std::vector<std::string> lines;
  for (const auto& [role, count] : threshold)
    lines.push_back(fmt::format("  {} of role {}", count, role));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace keyrite::act
