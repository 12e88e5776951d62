// A tenant's keys: their use and when they are due. Decisions (decisions.h) have what was decided
// about them, versions (versions.h) their material. Part of a transaction; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

class Keys {
 public:
  explicit Keys(internal::Sql& sql) : sql_(sql) {}

  // Written before the log knows of it; `due` and `revision` are not taken. Errors kFailed
  // "registry-row-exists" (the tenant has a key of that name, or the id is in use),
  // "registry-constraint" (no such tenant).
  void add(const Key& key);
  // Name and owner. Errors kFailed "registry-row-changed", "registry-row-unknown",
  // "registry-row-exists".
  void change(const Key& key);
  // A key of no tenant becomes one of key.tenant, by the name key.name. Errors as change(), kFailed
  // "registry-constraint" (no such tenant); "key-of-tenant": it is a tenant's already.
  void adopt(const Key& key);
  void set_due(std::string_view key, std::optional<Time> due);
  void sign_off(const SignOff& sign_off);

  [[nodiscard]] std::optional<Key> find(std::string_view id) const;
  [[nodiscard]] std::optional<Key> named(std::string_view tenant, std::string_view name) const;
  [[nodiscard]] std::vector<Key> of(std::string_view tenant) const;  // by id
  [[nodiscard]] std::vector<Key> list() const;                       // by tenant and id
  [[nodiscard]] std::vector<Key> due_until(Time time, std::int64_t limit) const;
  [[nodiscard]] std::vector<Key> ownerless() const;  // neither key nor tenant has an owner
  [[nodiscard]] std::optional<SignOff> last_sign_off(std::string_view key) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
