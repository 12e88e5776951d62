#include "acts/internal/pending_statements.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "acts/internal/text_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"

namespace keyrite::acts {

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
              fmt::format("these approvals are of the statement {}, {}", pending.sha256, why),
              "run this without --approval for a statement to sign");
}

// The root of the log's first `size` entries; nullopt when it has fewer.
std::optional<transcript::Hash> root_at(const std::string& log, std::uint64_t size) {
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  (void)transcript::read_log(log, [&](std::uint64_t, std::string_view entry) {
    if (tree.size() < size) tree.append(hasher.leaf(as_bytes(entry)));
    return tree.size() < size;
  });
  if (tree.size() < size) return std::nullopt;
  return tree.root();
}

void require_this_log(const PendingStatement& pending, const GateScene& scene) {
  const auto& site = scene.context.site->site;
  const auto& statement = pending.statement;
  if (statement.log_origin != site.settings.log.origin) {
    not_for_this("statement-other-log", pending,
                 fmt::format("made for the log {}", printable(statement.log_origin)));
  }
  const auto root =
      root_at(transcript::log_of(site.path(site::kTranscriptName)), statement.log_size);
  if (root && to_hex(*root) == statement.log_root) return;
  not_for_this("statement-other-log", pending,
               fmt::format("whose approvers saw a log of {} entries that is not the beginning of "
                           "this one",
                           statement.log_size));
}

}  // namespace

std::vector<PendingStatement> pending_statements(const std::string& folder) {
  std::vector<PendingStatement> all;
  std::error_code none;
  for (auto entry = fs::directory_iterator(folder, none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    if (auto pending = read_pending(entry->path() / site::kStatementName))
      all.push_back(std::move(*pending));
  }
  std::ranges::sort(all, {}, &PendingStatement::path);
  return all;
}

std::optional<PendingStatement> find_waiting(const std::string& folder,
                                             const approval::Statement& due,
                                             const transcript::History& history) {
  for (auto& pending : pending_statements(folder)) {
    // All but what differs between two runs of one command.
    approval::Statement same = due;
    const auto& other = pending.statement;
    same.ceremony_id = other.ceremony_id;
    same.log_size = other.log_size;
    same.log_root = other.log_root;
    same.not_before = other.not_before;
    same.not_after = other.not_after;
    if (same != other || history.use_of(pending.sha256)) continue;
    const auto half = (due.not_after - due.not_before) / 2;
    if (other.not_before > due.not_before || other.not_after < due.not_before + half) continue;
    return pending;
  }
  return std::nullopt;
}

PendingStatement write_statement(const std::string& folder, const approval::Statement& statement,
                                 const std::string& request) {
  PendingStatement pending{.bytes = approval::to_bytes(statement), .statement = statement};
  pending.sha256 = approval::statement_sha256(pending.bytes);
  const fs::path own = fs::path(folder) / pending.sha256;
  write_new_folder(own, {{.name = site::kStatementName, .content = pending.bytes},
                         text_file(site::kRequestName, request)});
  pending.path = (own / site::kStatementName).native();
  return pending;
}

std::size_t signatures_over(const approval::Quorum& quorum) {
  using approval::Fate;
  constexpr std::array kOverIt{
      Fate::kCounts,  Fate::kRepeated,    Fate::kNoNeededRole,       Fate::kInitiator,
      Fate::kExpired, Fate::kNotYetValid, Fate::kCertificateNotValid};
  return static_cast<std::size_t>(std::ranges::count_if(quorum.files, [&](const auto& file) {
    return std::ranges::find(kOverIt, file.fate) != kOverIt.end();
  }));
}

void require_for_this(const PendingStatement& pending, const GateScene& scene,
                      const Intent& intent) {
  const auto& statement = pending.statement;
  if (const auto used = scene.history.use_of(pending.sha256)) {
    not_for_this("statement-used", pending,
                 fmt::format("which entry {} of the log has used already", *used));
  }
  if (statement.token_serial != scene.token_serial || statement.token_model != scene.token_model) {
    not_for_this("statement-other-token", pending,
                 fmt::format("made for the token {}, serial {}", printable(statement.token_model),
                             printable(statement.token_serial)));
  }
  require_this_log(pending, scene);
  if (statement.script_sha256 != request_sha256(intent) ||
      statement.operation != operation_of(intent)) {
    not_for_this("statement-other-request", pending,
                 fmt::format("made for another command: {} of \"{}\"",
                             printable(statement.operation), printable(statement.kek_label)));
  }
}

std::string needs_text(const approval::Threshold& threshold) {
  std::vector<std::string> lines;
  for (const auto& [role, count] : threshold)
    lines.push_back(fmt::format("  {} of role {}", count, role));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace keyrite::acts
