#include "audit/statement_uses.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "act/asked_request.h"
#include "audit/internal/may_hold.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"

namespace keyrite::audit {

namespace {

using transcript::entry_text;

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

}  // namespace

void StatementUses::take(std::uint64_t index, std::string_view line) {
  take(index, line, transcript::entry_head(line));
}

void StatementUses::take(std::uint64_t index, std::string_view line,
                         const std::optional<transcript::EntryHead>& head) {
  const auto latest = clock_.latest();
  const auto confirmed_at = clock_.confirmed_at();
  if (head) (void)clock_.take(index, *head);
  // Of a long log few lines are parsed.
  if (!may_hold(line, "\"statement_sha256\"")) return;
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

}  // namespace keyrite::audit
