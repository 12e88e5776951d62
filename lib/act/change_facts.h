// What an act tells the log of versions, copies and placements: items of the fact "changes", which
// act/registry_changes.h takes over. Made of ids, hashes and words of tables alone. Plain values;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/log_facts.h"
#include "crypto/check_value.h"
#include "pkcs11/token.h"
#include "registry/model.h"
#include "registry/placements.h"

namespace keyrite::act {

// The fact that has them.
[[nodiscard]] LogFacts changes(const std::vector<Fact>& list);

// A version that was made; it begins in pre-activation.
[[nodiscard]] Fact new_version(const registry::Version& version,
                               const std::vector<crypto::CheckValue>& check_values);
[[nodiscard]] Fact moved(const registry::VersionId& version, registry::VersionState to);

// A version that does nothing from now on, or does again what its state allows.
[[nodiscard]] Fact frozen(const registry::VersionId& version, bool becomes_frozen);
// A version whose destruction was approved: said for the log alone.
[[nodiscard]] Fact condemned(const registry::VersionId& version);

// A placement for whose answer nobody waits any more: said for the log alone.
[[nodiscard]] Fact waived(const registry::Placement& placement);

// A copy on `token`, which is where its serial comes from; `copy` has id, version, member, cka_id
// and state.
[[nodiscard]] Fact new_copy(const registry::Copy& copy, const pkcs11::TokenInfo& token);
// A bundle or a backup.
[[nodiscard]] Fact new_copy(const registry::Copy& copy);
[[nodiscard]] Fact moved(const std::string& copy, registry::CopyState to);

// A key that belonged to no tenant; `name` is a pseudonym (Names::pseudonym_of).
[[nodiscard]] Fact adopted(const std::string& key, const std::string& tenant,
                           const std::string& name);
// A key of no tenant that is new: its row is written before the entry.
[[nodiscard]] Fact new_key(const registry::Key& key);

// The cloud's key as the log has it: pseudonyms (Names::pseudonym_of), whose names stand in the
// registry.
struct CloudKeyFacts {
  std::string key{};      // empty: not told
  std::string version{};  // the same
  std::optional<registry::Time> material_expires{};
};
// A placement that is new, or comes to placement.state.
[[nodiscard]] Fact placed(const registry::Placement& placement,
                          const registry::PlacementFacts& facts = {},
                          const CloudKeyFacts& cloud = {});

// A data key whose wrapped bytes leave the registry.
[[nodiscard]] Fact erased(const std::string& dek);

// A credential that was opened, or revoked.
enum class CredentialBecame { kOpened, kRevoked };
[[nodiscard]] Fact became(const std::string& credential, CredentialBecame what);

}  // namespace keyrite::act
