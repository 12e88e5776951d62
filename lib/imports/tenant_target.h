// wrap-for-import for a tenant's key: which version, where it goes, and whether it may go there, as
// the site's registry says it and the log confirms it. Reads the registry; keeps nothing; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/intent.h"
#include "act/token_session.h"
#include "base/json.h"
#include "imports/wrap_request.h"
#include "provider/key_place.h"
#include "registry/transaction.h"

namespace keyrite::imports {

// Which import somebody means.
struct TargetWords {
  provider::Provider provider{};
  std::string tenant{};
  std::string key{};
  std::optional<std::int64_t> version{};     // unset: the one version that can be imported
  std::optional<std::string> destination{};  // unset: the key's only one at this provider
};

struct TenantTarget {
  registry::Tenant tenant{};
  registry::Key key{};
  registry::Version version{};
  std::vector<registry::CheckValue> check_values{};
  registry::Destination destination{};
  std::optional<registry::Placement> placement{};  // as it is now
  provider::KeyPlace place{};
  [[nodiscard]] registry::PlacementId placement_id() const {
    return {destination.id, version.id.number};
  }
};

// As the row says it.
[[nodiscard]] provider::KeyPlace place_of(const registry::Destination& row);

// The words of a request; nullopt where it names no tenant. Errors kUsage "tenant-without-key",
// "name-with-tenant" (a label or an id beside the tenant).
[[nodiscard]] std::optional<TargetWords> target_words(const AwsWrapRequest& request);
[[nodiscard]] std::optional<TargetWords> target_words(const AzureWrapRequest& request);
[[nodiscard]] std::optional<TargetWords> target_words(const GoogleWrapRequest& request);

// Errors: those of Registry; kUsage "site-not-given", "tenant-unknown", "key-unknown",
// "version-unknown", "version-not-given", "destination-unknown", "destination-ambiguous"; kFailed
// "tenant-not-active", "destination-retired", "version-not-for-import", "version-frozen",
// "region-outside-jurisdictions", "placement-not-for-import" (the cloud has another key there, or
// deletes it); kVerification "decision-edited".
[[nodiscard]] TenantTarget tenant_target(const act::Context& context, const TargetWords& words);
// Under the log's lock, right before the wrap. Errors: those of tenant_target(); kFailed
// "target-changed": what was read before is not so any more.
void require_still(const act::Context& context, const TargetWords& words,
                   const TenantTarget& planned);

// The token's key under the version's CKA_ID is the one on record. Errors: those of
// keys::require_recorded_key.
void require_recorded(const TenantTarget& target, const act::Context& context,
                      act::TokenSession& token);

// The import parameters are of the target's place, and their region is a jurisdiction of the
// tenant. Errors kConfig "parameters-of-other-place".
void require_place(const TenantTarget& target, const provider::ImportParameters& parameters);

// What approvers approve beside the request.
[[nodiscard]] act::RecordedRequest inputs_of(const TenantTarget& target);
// `parameters`: where their identifier has the region, it is not only declared.
[[nodiscard]] Json to_json(const TenantTarget& target,
                           const provider::ImportParameters& parameters);
[[nodiscard]] std::string text_of(const TenantTarget& target,
                                  const provider::ImportParameters& parameters);  // for people

}  // namespace keyrite::imports
