// Whether a version of a key may serve: looked at and used in the token, compared with what
// registry and log have of it, its canary made. `key activate` and rotate do it before a version
// becomes active; a version that fails is left as it was. What may be activated by the registry
// alone is asked by require_activatable. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/log_facts.h"
#include "act/token_session.h"
#include "crypto/check_value.h"
#include "keys/check_values.h"
#include "keys/read_back.h"
#include "keys/use_once.h"
#include "registry/transaction.h"

namespace keyrite::keys {

// What the registry has of it.
struct VersionOnRecord {
  registry::Key key{};
  registry::Version version{};
  std::vector<registry::CheckValue> check_values{};
  std::optional<registry::Canary> canary{};  // of an activation that was interrupted
};

// Whether the key may have an active version, which the activation replaces (rotate).
// kCompromised: it has none, since the version before is compromised. Data keys do not wait for the
// clouds then: destinations follow.
enum class Beside { kNoActive, kActive, kCompromised };

// A destination in service at which a version is neither proven, as the policy of the key asks, nor
// accepted. `state`: kNone where nothing was done there yet.
struct UnprovenPlace {
  registry::Destination destination{};
  registry::PlacementState state{registry::PlacementState::kNone};
};
// Errors: those of checked_acceptance.
[[nodiscard]] std::vector<UnprovenPlace> unproven_places(const registry::Stores& stores,
                                                         const registry::VersionId& version,
                                                         const registry::KeyPolicy& policy,
                                                         registry::Time now,
                                                         const registry::DecisionInLog& log);

// The newest one of the key before it that is not destroyed.
[[nodiscard]] std::optional<registry::Version> version_before(const registry::Stores& stores,
                                                              const registry::VersionId& version);

// The version that waits, or number `number`; what it depends on is asked now, and again in the
// transaction that activates it. Errors kUsage "version-unknown"; kFailed "tenant-not-active",
// "version-not-alone" (another one is active: rotate moves on from it), "version-not-waiting",
// "version-frozen", "copies-too-few", "destination-unproven", for Beside::kCompromised instead of
// it "version-not-compromised"; those of checked_key_policy and checked_acceptance.
[[nodiscard]] VersionOnRecord require_activatable(const registry::Stores& stores,
                                                  const registry::Tenant& tenant,
                                                  const registry::Key& key,
                                                  std::optional<std::int64_t> number, Beside beside,
                                                  registry::Time now,
                                                  const registry::DecisionInLog& log);

struct ValidatedVersion {
  NamedValues attributes{};  // as read back
  act::Words used_by{};      // "C_WrapKey and C_UnwrapKey (CKM_AES_KEY_WRAP)"
  std::vector<crypto::CheckValue> check_values{};
  registry::Canary canary{};    // without time and batch
  bool canary_is_there{false};  // an activation that was interrupted had made it; it was opened
};

// Errors kToken "object-not-found", "object-ambiguous", "attribute-differs", "key-unusable", and as
// the token gives them; kVerification "version-differs": it has another check value, public half or
// attribute than registry or log have on record; those of logged_makings and wrap::make_canary.
[[nodiscard]] ValidatedVersion validate_version(act::TokenSession& token,
                                                const VersionOnRecord& record,
                                                const site::Site& site);

// Before a version is used by its CKA_ID alone: the token's key has the type, the public half and
// the check values on record, as far as both sides have one; false: neither a half nor a value
// could be compared. Errors kToken "object-not-found", "object-ambiguous"; kVerification
// "version-differs".
[[nodiscard]] bool require_recorded_key(act::TokenSession& token, const VersionOnRecord& record);

}  // namespace keyrite::keys
