// What the registry is told of bundles that were made: each is a copy that left the token, and the
// version is wrapped at its destination until its import parameters end. One thread.
#pragma once

#include <vector>

#include "act/registry_rows.h"
#include "imports/tenant_target.h"
#include "imports/wrap_for_import.h"
#include "keys/unowned_key.h"

namespace keyrite::imports {

// The states that lead from where a placement is to a bundle that waits for its import. Empty: the
// cloud holds the version already, and its material is sent there again.
[[nodiscard]] std::vector<registry::PlacementState> states_to_wrapped(
    const std::optional<registry::Placement>& placement);

// Error kFailed "placement-at-other-key": AWS holds the version under another KMS key than the
// parameters are of. The other clouds' keys have their name from the destination.
void require_same_cloud_key(const TenantTarget& target,
                            const provider::ImportParameters& parameters);
// Of bundles for `target`, the import's first.
[[nodiscard]] act::RegistryRows rows_of(const TenantTarget& target, const WrapOrder& order,
                                        const std::vector<MadeBundle>& bundles);

// Of bundles of a key of no tenant, which is on record from now on if it was not.
[[nodiscard]] act::RegistryRows rows_of(const std::vector<MadeBundle>& bundles,
                                        const keys::UnownedKey& key,
                                        const pkcs11::TokenInfo& token);
// The key that was wrapped, as the bundle says it.
[[nodiscard]] keys::UnownedKey unowned_key(const MadeBundle& bundle);

}  // namespace keyrite::imports
