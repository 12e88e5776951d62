// Where a key serves, as people name it: one destination of a tenant's key, looked up in the site's
// registry. Nothing is kept; one thread.
#pragma once

#include <optional>
#include <string>

#include "registry/transaction.h"

namespace keyrite::act {

// One destination of a key: by its name or identifier at the provider, or by its id.
struct ChosenDestination {
  std::string destination{};
  std::string tenant{};
  std::string key{};
  std::optional<std::string> provider{};
};

// By its id, its name or its identifier at the provider; retired ones only where no other has the
// name. Errors kUsage "tenant-unknown", "key-unknown", "destination-unknown",
// "destination-ambiguous".
[[nodiscard]] registry::Destination destination_chosen(const registry::Stores& stores,
                                                       const ChosenDestination& chosen);

// "eu-central-1", "westeurope (declared)": nobody looked where the cloud keeps the key.
[[nodiscard]] std::string region_text(const registry::Destination& row);
// "alias/acme at AWS KMS".
[[nodiscard]] std::string place_text(const registry::Destination& row);

}  // namespace keyrite::act
