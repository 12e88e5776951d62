// Tenants. A tenant's id is the pseudonym of its name (names.h), so the name is in one place. Part
// of a transaction; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
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
  // what names() has is erased.
  void move(std::string_view id, TenantState to, std::int64_t revision, const Mark& mark);

  [[nodiscard]] std::optional<Tenant> find(std::string_view id) const;
  [[nodiscard]] std::optional<Tenant> named(std::string_view name) const;
  [[nodiscard]] std::vector<Tenant> list() const;  // by id; without the tenant of no tenant
  [[nodiscard]] std::vector<StateEvent> events(std::string_view id) const;

  // What is erased when it is forgotten, by ids: {tenant, keys, destinations, placements,
  // credentials, holders, decisions, pseudonyms}. Of the pseudonyms also those of texts that have
  // the tenant's name as a word; none that is another tenant's name too. Error kFailed
  // "registry-row-unknown".
  [[nodiscard]] Json names(std::string_view id) const;

 private:
  void forget(std::string_view id);
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
