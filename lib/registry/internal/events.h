// One state to the next, for everything that has states: the event is written, then the row of the
// subject names it. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/internal/sql.h"
#include "registry/model.h"

namespace keyrite::registry::internal {

// The subject of events: a tenant's, a key's, a copy's or a destination's id, and the version's
// number (0 of tenants and copies).
struct SubjectId {
  Subject subject{};
  std::string id{};
  std::int64_t number{};
};
struct Verdict {
  std::optional<Basis> basis{};
  std::optional<std::string> evidence_sha256{};
  std::optional<Time> until{};
};

// Writes the event that leads from `from` to `to` and returns its seq. Errors kFailed
// "transition-illegal", naming both; kUsage "registry-value" for a mark that names no entry.
std::int64_t append_event(Sql& sql, const SubjectId& of, std::string_view from, std::string_view to,
                          const Mark& mark, const Verdict& verdict = {});
// From the first on.
[[nodiscard]] std::vector<StateEvent> events_of(Sql& sql, const SubjectId& of);

// What ids and hashes are: error kUsage "registry-value" naming `what`.
void require_id(std::string_view id, std::string_view what);
void require_sha256(std::string_view hash, std::string_view what);
void require_text(std::string_view text, std::string_view what);  // UTF-8, 1 to 500 bytes, no NUL

}  // namespace keyrite::registry::internal
