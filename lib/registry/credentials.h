// API credentials that a customer supplies to a service: sealed under a data key of their own,
// which is wrapped under the tenant's KEK. One for each service and environment of a tenant. Part
// of a transaction; one thread.
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

class Credentials {
 public:
  explicit Credentials(internal::Sql& sql) : sql_(sql) {}

  // In an open batch; opened, revoked and revision are not taken. Errors kFailed
  // "registry-row-exists" (the tenant has one for that service and environment, or the data key
  // seals another), "registry-row-unknown" (no such data key), "dek-other-tenant".
  void add(const Credential& credential);
  // A newer secret of the same service takes the place of the older one, whose data key is erased:
  // dek, iv, sealed, owner, scope, expires, due, batch. Errors kFailed "registry-row-changed",
  // "registry-row-unknown", "credential-revoked", "legal-hold".
  void reseal(const Credential& credential);
  // Who answers for it; nothing that is sealed says so. Errors as reseal() but for the hold.
  void give_owner(std::string_view id, const std::string& owner, std::int64_t revision);
  void mark_opened(std::string_view id, Time time);  // the latest time stays
  // Its data key is erased too, so that no change of the row brings it back; a legal hold keeps it.
  // Errors as reseal() but for the hold.
  void revoke(std::string_view id, Time time, std::int64_t revision);
  void revoke_all(std::string_view tenant, Time time);  // those that are not

  [[nodiscard]] std::optional<Credential> find(std::string_view id) const;
  [[nodiscard]] std::optional<Credential> of_service(std::string_view tenant,
                                                     std::string_view service,
                                                     std::string_view environment) const;
  // What is sealed under this data key.
  [[nodiscard]] std::optional<Credential> of_dek(std::string_view dek) const;
  [[nodiscard]] std::vector<Credential> of(std::string_view tenant) const;  // revoked ones too
  // How many that are not revoked are sealed under data keys of this version.
  [[nodiscard]] std::int64_t count_under(const VersionId& version) const;
  [[nodiscard]] std::vector<Credential> due_until(Time time, std::int64_t limit) const;
  [[nodiscard]] std::vector<Credential> expired_until(Time time, std::int64_t limit) const;
  [[nodiscard]] std::vector<Credential> ownerless(std::int64_t limit) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
