// A cryptography bill of materials of a site: each version of each key as a component of a
// CycloneDX 1.6 document, beside the algorithm that it is for. It names what the registry has and
// what the log recorded, and no value of a key. Pure but for the registry; one thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "inventory/inventory_keys.h"

namespace keyrite::inventory {

// What the document says of itself.
struct CbomSource {
  std::string tool_version{};
  std::string origin{};  // of the log
  registry::LogPosition position{};
  registry::Time now{};
};

// A CycloneDX 1.6 document (ECMA-424, bom-1.6.schema.json). A forgotten tenant or key has its
// pseudonym for a name. Keys that are not in the order of held_keys() stay in the order given.
[[nodiscard]] Json cbom_of(const registry::Stores& stores, const std::vector<HeldKey>& keys,
                           const CbomSource& source);

}  // namespace keyrite::inventory
