// The numbered material of keys, and its states. What a state allows is the table in states.h. A
// version is written after the log entry that records how it was made; only its canary, which the
// log cannot hold, is written before one. Part of a transaction; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

class Versions {
 public:
  explicit Versions(internal::Sql& sql) : sql_(sql) {}

  // The key's next one, in pre-activation; `version` has key, cka_id, public_key_sha256 and origin.
  // Errors kFailed "version-not-alone" (it has one already), "registry-row-unknown" (no such key).
  VersionId add(const Version& version, const Mark& mark);
  // Errors kFailed "transition-illegal", "registry-row-changed", "registry-row-unknown"; to active
  // "version-not-alone" (another one is); to destroyed "deks-left" (keys wrapped under it),
  // "copies-left" (one on a token is not destroyed), "legal-hold". An active version's key is due a
  // period later (unchecked policy: a date decides nothing); a key without one is not.
  void move(const VersionId& id, VersionState to, std::int64_t revision, const Mark& mark);
  // A frozen version does nothing, and keeps its state. Errors as move(); "version-frozen" when it
  // is frozen already, "version-not-frozen" when it is not.
  void freeze(const VersionId& id, std::int64_t revision, const LogEntry& entry);
  void thaw(const VersionId& id, std::int64_t revision, const LogEntry& entry);

  void add_check_value(const VersionId& id, const CheckValue& value);
  // In an open batch; written once. Error kFailed "registry-row-exists".
  void add_canary(const Canary& canary);

  [[nodiscard]] std::optional<Version> find(const VersionId& id) const;
  [[nodiscard]] std::vector<Version> of(std::string_view key) const;  // by number
  [[nodiscard]] std::optional<Version> active(std::string_view key) const;
  [[nodiscard]] std::optional<Version> waiting(std::string_view key) const;  // pre-activation
  [[nodiscard]] std::vector<Version> with_cka_id(ByteView cka_id) const;
  [[nodiscard]] std::vector<CheckValue> check_values(const VersionId& id) const;
  [[nodiscard]] std::optional<Canary> canary(const VersionId& id) const;
  // At least one. Error kConfig "registry-invalid": there is such a version, and no event of it.
  [[nodiscard]] std::vector<StateEvent> events(const VersionId& id) const;

 private:
  [[nodiscard]] Version known(const VersionId& id, std::int64_t revision) const;
  void require_may_go(const Version& now, VersionState to);
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
