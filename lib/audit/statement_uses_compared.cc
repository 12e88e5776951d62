// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Each statement that the log names, with its request and with the intents that used it.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "act/asked_request.h"
#include "act/intent.h"
#include "approval/statement_comparison.h"
#include "audit/statement_uses.h"
#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

using transcript::entry_object;
using transcript::entry_text;
using transcript::entry_texts;

constexpr std::string_view kFindOut =
    "find out who changed it, or what damaged it; a copy that you trust shows what it was";

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

  [[nodiscard]] act::StatementFiles read(const std::string& sha256,
                                         const std::vector<StatementUse>& uses) const {
    auto files = act::read_statement_files(statement_of(sha256), kFindOut);
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
  // A tenant's next version gets its label in the run: what is approved names tenant and key.
  if (!entry_text(entry, "request", "label").empty()) due.statement.kek_ref = key_of(entry);
  due.latest = act::end_of_parameters(entry);
  return due;
}

// Its members can be compared, and its plain values.
bool is_same_but_for_names(const Json& request, const Json& entry) {
  const Json asked = entry_object(request, "request");
  const Json done = entry_object(entry, "request");
  bool same = entry_text(request, "act") == entry_text(entry, "act") && asked.size() == done.size();
  for (const auto& [name, value] : done.items()) {
    const bool pseudonym =
        value.is_string() && approval::is_pseudonym(value.get_ref<const std::string&>());
    const bool plain = !value.is_array() && !pseudonym;
    same = same && asked.contains(name) && (!plain || asked.at(name) == value);
  }
  return same;
}

void require_version_1_request(const act::StatementFiles& files, const StatementUse& use) {
  if (files.statement.version != 1 || !files.request) return;
  if (is_same_but_for_names(*files.request, use.entry) &&
      entry_object(*files.request, "inputs") == entry_object(use.entry, "inputs"))
    return;
  throw Error(
      Kind::kVerification, "statement-other-request",
      fmt::format("entry {} carried out another request than the one beside the statement {}",
                  use.index, files.sha256),
      "find out who allowed the act");
}

// As the gate does: the time of a statement is of the clock that was in force when it was asked
// for.
void require_same_clock(const act::StatementFiles& files, const StatementUse& use) {
  if (!use.confirmed_at || files.statement.log_size > *use.confirmed_at) return;
  throw Error(Kind::kVerification, "statement-before-clock",
              fmt::format("entry {} acted under the statement {}, which was requested before an "
                          "officer confirmed the clock (entry {})",
                          use.index, files.sha256, *use.confirmed_at),
              "find out who allowed the act");
}

// Until then the log remembers that the statement was used: with an earlier time it could be used
// again. Entries of 0.1.0 have none.
void require_same_end(const act::StatementFiles& files, const StatementUse& use) {
  const std::string said = entry_text(use.entry, "approval", "not_after");
  if (files.statement.version == 1 && said.empty()) return;
  const std::string ends = format_rfc3339(files.statement.not_after);
  if (said == ends) return;
  throw Error(Kind::kVerification, "statement-other-end",
              fmt::format("entry {} says that the statement {} is valid until \"{}\"; it is valid "
                          "until {}",
                          use.index, files.sha256, printable(said), ends),
              "find out who wrote the entry");
}

// A statement that another site asked for: its request lists the sites that take it.
bool is_of_other_site(const act::StatementFiles& files, const StatementUse& use,
                      const LogOfUse& log) {
  return files.statement.version > 1 && files.statement.log_origin != log.origin &&
         entry_object(use.entry, "inputs").contains("sites");
}

[[noreturn]] void other_request(const act::StatementFiles& files, const StatementUse& use) {
  throw Error(
      Kind::kVerification, "statement-other-request",
      fmt::format("entry {} carried out another request than the one that the statement {} has "
                  "for this site",
                  use.index, files.sha256),
      "find out who allowed the act");
}

// The list of sites is the same, and what it has of this one is what the entry has; each site has
// pseudonyms of its own, so that of the rest plain values are compared.
void require_part_of_site(const act::StatementFiles& files, const StatementUse& use,
                          const LogOfUse& log) {
  const Json inputs = entry_object(use.entry, "inputs");
  const Json sites = inputs.value("sites", Json());
  if (!files.request || !sites.is_array() ||
      entry_object(*files.request, "inputs").value("sites", Json()) != sites ||
      !is_same_but_for_names(*files.request, use.entry))
    other_request(files, use);
  const auto of = [&](const std::string& origin) {
    return std::ranges::find_if(
        sites, [&](const Json& one) { return entry_text(one, "origin") == origin; });
  };
  const auto own = of(log.origin);
  if (own == sites.end() || of(files.statement.log_origin) == sites.end())
    other_request(files, use);
  if (!log.vkeys.contains(entry_text(*own, "vkey"))) other_request(files, use);
  for (const char* name :
       {"list_sha256", "tokens", "data_keys", "data_key_list_sha256", "credentials"}) {
    if (own->value(name, Json()) != inputs.value(name, Json())) other_request(files, use);
  }
}

approval::Due due_at_other_site(const StatementUse& use, const LogOfUse& log,
                                const approval::Statement& statement) {
  approval::Due due = due_by_intent(use, log, statement);
  due.only = {"operation", "tool_version", "script_sha256", "roster_sha256"};
  due.root_of = {};
  return due;
}

}  // namespace

LogOfUse log_of_use(const std::string& origin, const std::vector<transcript::NoteKey>& keys,
                    const std::vector<transcript::Hash>& leaves) {
  std::set<std::string> vkeys;
  for (const auto& key : keys) vkeys.insert(key.text());
  return {.origin = origin,
          .vkeys = std::move(vkeys),
          .root_of = [&leaves](std::uint64_t size) -> std::optional<std::string> {
            if (size > leaves.size()) return std::nullopt;
            transcript::Hasher hasher;
            return to_hex(transcript::root_of(hasher, std::span(leaves).first(size)));
          }};
}

void require_use(const act::StatementFiles& files, const StatementUse& use, const LogOfUse& log) {
  const auto whose =
      fmt::format("entry {} acted under the statement {}: ", use.index, files.sha256);
  if (is_of_other_site(files, use, log)) {
    require_part_of_site(files, use, log);
    approval::require_due(files.statement, due_at_other_site(use, log, files.statement), whose);
    require_same_end(files, use);
    return;
  }
  require_version_1_request(files, use);
  require_same_clock(files, use);
  approval::require_due(files.statement, due_by_intent(use, log, files.statement), whose);
  require_same_end(files, use);
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
    act::require_agreement(files, kFindOut);
    for (const auto& use : all) require_use(files, use, log);
    ++found.compared;
  }
  return found;
}

}  // namespace keyrite::audit
