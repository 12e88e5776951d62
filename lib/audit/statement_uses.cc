#include "audit/statement_uses.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "act/asked_request.h"
#include "act/intent.h"
#include "approval/statement_comparison.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

using transcript::entry_object;
using transcript::entry_text;
using transcript::entry_texts;

std::string module_of(const Json& entry) {
  const std::string sha256 = entry_text(entry, "module", "sha256");
  return sha256.empty() ? approval::kNoModule : sha256;
}

std::string key_of(const Json& entry) {
  const auto keys = entry.find("keys");
  if (keys == entry.end() || !keys->is_array() || keys->empty()) return {};
  return entry_text(keys->front(), "key");
}

// What an intent says of the statement that it used. How many had to approve, only the site's
// policy says; names_sha256 is compared with the file.
approval::Due due_by_intent(const StatementUse& use, const LogOfUse& log,
                            const approval::Statement& statement) {
  const Json& entry = use.entry;
  approval::Due due{.at = use.at};
  due.only = {"operation",    "tool_version", "tenant_ref", "module_sha256",
              "token_serial", "token_model",  "log_origin", "roster_sha256"};
  due.statement.operation = act::operation_of(entry_text(entry, "act"), entry_texts(entry, "also"));
  due.statement.tool_version = entry_text(entry, "tool", "version");
  due.statement.module_sha256 = module_of(entry);
  due.statement.token_serial = entry_text(entry, "token", "serial");
  due.statement.token_model = entry_text(entry, "token", "model");
  due.statement.log_origin = log.origin;
  due.statement.roster_sha256 = entry_text(entry, "approval", "roster_sha256");
  // Approvers saw what stood before the intent.
  due.root_of = [&log, index = use.index](std::uint64_t size) -> std::optional<std::string> {
    if (size > index) return std::nullopt;
    return log.root_of(size);
  };
  if (statement.version == 1) {
    due.statement.tenant_ref = key_of(entry);
    return due;
  }
  for (const char* name :
       {"request_sha256", "script_sha256", "operator", "kek_ref", "kek_version"}) {
    due.only->insert(name);
  }
  due.statement.request_sha256 =
      crypto::sha256_hex(as_bytes(canonical_json(act::asked_in_entry(entry))));
  due.statement.operator_name = entry_text(entry, "operator");
  due.statement.kek_ref = key_of(entry);
  due.latest = act::end_of_parameters(entry);
  return due;
}

// With names in it, its members can be compared and its plain values.
void require_version_1_request(const StatementFiles& files, const StatementUse& use) {
  if (files.statement.version != 1 || !files.request) return;
  const Json asked = entry_object(*files.request, "request");
  const Json done = entry_object(use.entry, "request");
  const bool same_act = entry_text(*files.request, "act") == entry_text(use.entry, "act");
  bool same = same_act && asked.size() == done.size() &&
              entry_object(*files.request, "inputs") == entry_object(use.entry, "inputs");
  for (const auto& [name, value] : done.items()) {
    const bool pseudonym =
        value.is_string() && approval::is_pseudonym(value.get_ref<const std::string&>());
    const bool plain = !value.is_array() && !pseudonym;
    same = same && asked.contains(name) && (!plain || asked.at(name) == value);
  }
  if (same) return;
  throw Error(
      Kind::kVerification, "statement-other-request",
      fmt::format("entry {} carried out another request than the one beside the statement {}",
                  use.index, files.sha256),
      "find out who allowed the act");
}

// As the gate does: the time of a statement is of the clock that was in force when it was asked
// for.
void require_same_clock(const StatementFiles& files, const StatementUse& use) {
  if (!use.confirmed_at || files.statement.log_size > *use.confirmed_at) return;
  throw Error(Kind::kVerification, "statement-before-clock",
              fmt::format("entry {} acted under the statement {}, which was requested before an "
                          "officer confirmed the clock (entry {})",
                          use.index, files.sha256, *use.confirmed_at),
              "find out who allowed the act");
}

[[noreturn]] void refuse_intent(const char* code, std::uint64_t index, std::string_view why) {
  throw Error(Kind::kVerification, code,
              fmt::format("entry {} acted under an approval statement, and {}: nobody can tell "
                          "whether the approvals were valid then",
                          index, why),
              "find out who wrote the entry, and compare the log with a copy kept elsewhere");
}

// nullopt for a line that is not an intent under a statement: 0.1.0 signed whatever was in the log.
std::optional<Json> intent_under_statement(std::uint64_t index, std::string_view line,
                                           const std::optional<transcript::EntryHead>& head) {
  try {
    Json entry = parse_json(as_bytes(line), "entry");
    if (!entry.is_object() || !entry.contains("approval")) return std::nullopt;
    if (entry_text(entry, "event") != transcript::kIntent) return std::nullopt;
    return entry;
  } catch (const Error&) {
    // Such as a field twice: two readers may read two statements.
    if (head && head->event == transcript::kIntent && !head->statement_sha256.empty())
      refuse_intent("entry-invalid", index, "it is not valid JSON");
    return std::nullopt;
  }
}

TimePoint time_of_intent(std::uint64_t index, const Json& entry) {
  try {
    return parse_rfc3339(entry_text(entry, "time"), "time");
  } catch (const Error&) {
    refuse_intent(
        "entry-field-wrong", index,
        fmt::format("its time \"{}\" is not a time", printable(entry_text(entry, "time"))));
  }
}

// approvals/ of a site or of a copy.
class Shelf {
 public:
  Shelf(const std::string& folder, Holder holder)
      : folder_(folder), holder_(holder), there_(is_there(folder)) {}

  [[nodiscard]] bool has(const std::string& sha256) const {
    return is_lower_hex(sha256, kSha256Bytes) && is_there(statement_of(sha256));
  }

  // A statement of version 1 has the key's name in it, and an export without names leaves it out.
  // Which version it was the log knows: 0.1.0 vouched for no entry.
  void require_may_lack(const std::string& sha256, const std::vector<StatementUse>& uses) const {
    const bool first_version =
        std::ranges::none_of(uses, [](const StatementUse& use) { return use.vouched; });
    if (holder_ == Holder::kCopy && (!there_ || (first_version && !has_names()))) return;
    missing(sha256, uses, fmt::format("which is not in {}", printable(folder_)));
  }

  [[nodiscard]] StatementFiles read(const std::string& sha256,
                                    const std::vector<StatementUse>& uses) const {
    auto files = read_statement_files(statement_of(sha256));
    if (files.sha256 != sha256) missing(sha256, uses, "and the file there is another statement");
    return files;
  }

 private:
  [[nodiscard]] fs::path statement_of(const std::string& sha256) const {
    return fs::path(folder_) / sha256 / site::kStatementName;
  }

  [[nodiscard]] bool has_names() const {
    std::error_code failed;
    for (auto entry = fs::directory_iterator(folder_, failed);
         !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      if (is_there(entry->path() / site::kNamesName)) return true;
    }
    return failed != std::error_code();
  }

  [[noreturn]] static void missing(const std::string& sha256, const std::vector<StatementUse>& uses,
                                   std::string_view how) {
    throw Error(Kind::kVerification, "approval-missing",
                fmt::format("entry {} acted under the approval {}, {}", uses.front().index,
                            printable(sha256), how),
                "restore the approval from a copy of the site");
  }

  const std::string& folder_;
  Holder holder_;
  bool there_;
};

}  // namespace

void StatementUses::take(std::uint64_t index, std::string_view line) {
  const auto head = transcript::entry_head(line);
  const auto latest = clock_.latest();
  const auto confirmed_at = clock_.confirmed_at();
  if (head) (void)clock_.take(index, *head);
  // Of a long log few lines are parsed.
  if (line.find("\"statement_sha256\"") == std::string_view::npos) return;
  std::optional<Json> entry = intent_under_statement(index, line, head);
  if (!entry) return;
  const std::string sha256 = entry_text(*entry, "approval", "statement_sha256");
  const TimePoint own = time_of_intent(index, *entry);
  // 0.1.0, which vouched for nothing, judged by the machine's clock alone.
  const bool by_log = head && head->vouched && latest;
  uses_[sha256].push_back({.index = index,
                           .entry = std::move(*entry),
                           .at = by_log ? std::max(own, TimePoint(*latest)) : own,
                           .confirmed_at = confirmed_at,
                           .vouched = head && head->vouched});
}

void StatementUses::require_one_run_each() const {
  for (const auto& [sha256, uses] : uses_) {
    const StatementUse& first = uses.front();
    for (const StatementUse& use : uses) {
      if (entry_text(use.entry, "run") == entry_text(first.entry, "run")) continue;
      throw Error(Kind::kVerification, "statement-used-twice",
                  fmt::format("entries {} and {} belong to two runs, and both acted under the "
                              "statement {}, which allows one run",
                              first.index, use.index, printable(sha256)),
                  "find out who allowed the second act");
    }
  }
}

LogOfUse log_of_use(const std::string& origin, const std::vector<transcript::Hash>& leaves) {
  return {.origin = origin, .root_of = [&leaves](std::uint64_t size) -> std::optional<std::string> {
            if (size > leaves.size()) return std::nullopt;
            transcript::Hasher hasher;
            return to_hex(transcript::root_of(hasher, std::span(leaves).first(size)));
          }};
}

void require_use(const StatementFiles& files, const StatementUse& use, const LogOfUse& log) {
  require_version_1_request(files, use);
  require_same_clock(files, use);
  approval::require_due(
      files.statement, due_by_intent(use, log, files.statement),
      fmt::format("entry {} acted under the statement {}: ", use.index, files.sha256));
}

ComparedStatements require_statements(const StatementUses& uses, const std::string& folder,
                                      const LogOfUse& log, Holder holder) {
  uses.require_one_run_each();
  const Shelf shelf(folder, holder);
  ComparedStatements found;
  for (const auto& [sha256, all] : uses.all()) {
    if (!shelf.has(sha256)) {
      shelf.require_may_lack(sha256, all);
      found.not_here.push_back(sha256);
      continue;
    }
    const auto files = shelf.read(sha256, all);
    require_agreement(files);
    for (const auto& use : all) require_use(files, use, log);
    ++found.compared;
  }
  return found;
}

}  // namespace keyrite::audit
