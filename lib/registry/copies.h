// Where a version's bits are: on tokens, and in every form in which they left one. Written after
// the log entry that records them. Part of a transaction; one thread.
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

class Copies {
 public:
  explicit Copies(internal::Sql& sql) : sql_(sql) {}

  // Begins in `copy.state`. Errors kFailed "transition-illegal", "registry-row-exists" (that id on
  // that token, or that file, is on record), "registry-constraint"; "version-destroyed": an object
  // of a destroyed version is an alarm, and no copy.
  void add(const Copy& copy, const Mark& mark);
  // Errors kFailed "transition-illegal", "registry-row-changed", "registry-row-unknown"; to present
  // "version-destroyed".
  void move(std::string_view id, CopyState to, std::int64_t revision, const Mark& mark);

  [[nodiscard]] std::optional<Copy> find(std::string_view id) const;
  [[nodiscard]] std::vector<Copy> of(const VersionId& version) const;  // by id
  [[nodiscard]] std::vector<Copy> on(std::string_view token_serial) const;
  [[nodiscard]] std::optional<Copy> on_token(std::string_view token_serial, std::string_view member,
                                             ByteView cka_id) const;
  [[nodiscard]] std::optional<Copy> of_file(std::string_view sha256) const;
  [[nodiscard]] std::vector<StateEvent> events(std::string_view id) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
