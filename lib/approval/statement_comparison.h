// Whether a statement is the one that is due: compares every field with what it must say, by the
// one table of fields. All code that reads a statement asks here: the gate before an act (all
// fields), counting (roster, numbers, times), `approve show` (what request.json says), export and
// `transcript verify` (what the entry says that used it). Pure, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "approval/statement.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::approval {

// How to call it: fill `statement` with what each field must say. Fields with a rule of their own
// are judged by the members below, each only where it is set: ceremony_id is random and compared
// with nothing.
struct Due {
  Statement statement{};
  // The fields that can be known where this is asked, by their names in the file; nullopt: all,
  // "version" among them. Rules of their own are not touched by it.
  std::optional<std::set<std::string, std::less<>>> only{};
  // Hex root of the log's first `size` entries; nullopt: it has fewer. log_size and log_root.
  std::function<std::optional<std::string>(std::uint64_t size)> root_of{};
  std::optional<TimePoint> at{};                  // not_before and not_after: it must hold then
  std::optional<std::chrono::seconds> longest{};  // that it may hold
  std::optional<TimePoint> latest{};              // not_after at most: the parameters end
};

// All that is not as it must be, each Error kVerification naming field, value and what is due:
// "statement-old-version", "statement-other-request" (operation, request_sha256),
// "statement-other-names", "statement-other-script", "statement-other-operator",
// "statement-other-tool", "statement-other-key" (tenant_ref, kek_ref, kek_version, kek_label),
// "statement-other-module", "statement-other-token", "statement-other-log",
// "statement-other-roster", "statement-other-threshold", "statement-not-yet-valid",
// "statement-expired", "statement-too-long", "statement-past-parameters". The log's root is asked
// for only where nothing else differs: that reads the log.
[[nodiscard]] std::vector<Error> differences(const Statement& statement, const Due& due);

// Throws the first of them, `whose` in front of the message.
void require_due(const Statement& statement, const Due& due, std::string_view whose);

}  // namespace keyrite::approval
