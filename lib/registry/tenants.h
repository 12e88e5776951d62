// Tenants. A tenant's id is the pseudonym of its name (names.h), so the name is in one place. Part
// of a transaction; one thread.
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

class Tenants {
 public:
  explicit Tenants(internal::Sql& sql) : sql_(sql) {}

  // Written before the log knows of it, in state none; move() makes it active. `fresh` becomes its
  // id where the name has no pseudonym yet. Error kFailed "registry-row-exists".
  Tenant add(std::string_view name, std::string_view fresh, const std::optional<std::string>& owner,
             const std::optional<std::string>& contact, Time created, std::string_view batch);
  // Owner and contact of the row whose revision `tenant` has. Errors kFailed
  // "registry-row-changed", "registry-row-unknown".
  void change(const Tenant& tenant);
  // Errors kFailed "transition-illegal", "registry-row-changed", "registry-row-unknown"; of the
  // tenant of no tenant "transition-illegal"; to forgotten "legal-hold" and "key-not-destroyed" (a
  // version that is not destroyed is left). Offboarding: its credentials are revoked. Forgotten:
  // name, owner and contact are erased, and so are the names of its keys, destinations and
  // credentials, and the documents of its decisions.
  void move(std::string_view id, TenantState to, std::int64_t revision, const Mark& mark);

  [[nodiscard]] std::optional<Tenant> find(std::string_view id) const;
  [[nodiscard]] std::optional<Tenant> named(std::string_view name) const;
  [[nodiscard]] std::vector<Tenant> list() const;  // by id; without the tenant of no tenant
  [[nodiscard]] std::vector<StateEvent> events(std::string_view id) const;

 private:
  void forget(std::string_view id);
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
