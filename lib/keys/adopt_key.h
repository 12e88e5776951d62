// inventory adopt: a key of no tenant becomes a tenant's. As an act at the token: the key is found
// there, read, and compared with what registry and log have of it; a read-only session is enough.
// One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::keys {

inline constexpr const char* kAdoptKeyAct = "inventory-adopt";

struct AdoptKeyRequest {
  std::optional<std::string> label{};
  std::optional<std::string> id{};  // hex
  std::string tenant{};
  std::string key{};
  [[nodiscard]] static const std::vector<act::Field<AdoptKeyRequest>>& table();
};

// A key that the registry has under no tenant becomes a key of the tenant, by a name that the
// tenant has no key of yet. A key that the log alone knows (its making was killed, or is older than
// the registry) becomes the next version of a key that the tenant has. Errors: those of find_key,
// find_origin, act::tenant_named and require_active; kUsage "key-unknown", "type-not-of-key",
// "usage-not-of-key"; kFailed "key-exists", "key-of-tenant", "version-not-alone",
// "key-not-logged" (neither registry nor log knows it); kVerification "version-differs",
// "destroyed-found".
[[nodiscard]] act::Act adopt_key(const AdoptKeyRequest& request);

}  // namespace keyrite::keys
