// The next version of a tenant's key: what the registry says that it must be, and what log and
// registry are told when it was made. Reads the registry; keeps nothing; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/intent.h"
#include "act/registry_rows.h"
#include "keys/generate_kek.h"
#include "registry/model.h"
#include "site/site.h"

namespace keyrite::keys {

struct NextVersion {
  registry::Tenant tenant{};
  registry::Key key{};
  std::int64_t number{};
  std::vector<std::string> providers{};  // of the key's destinations, each once
  [[nodiscard]] registry::VersionId id() const { return {key.id, number}; }
};

// The one usage that a key of this usage has in the token: a MAC is a signature there.
[[nodiscard]] KeyUsage usage_in_token(registry::Usage usage);

// Errors: those of Registry; kUsage "tenant-unknown", "key-unknown"; kFailed "tenant-not-active",
// "version-not-alone": the key has one in pre-activation.
[[nodiscard]] NextVersion next_version(const site::Site& site, const std::string& tenant,
                                       const std::string& key);
// Under the log's lock, right before the key is made. Errors: those of next_version(); kFailed
// "version-overtaken": `planned` is not the next one any more, or not of the same key.
void require_still_next(const site::Site& site, const NextVersion& planned);

// The label that a version is made with: the key's id, the number, and the first digits of
// `cka_id`.
[[nodiscard]] std::string version_label(const registry::VersionId& id, ByteView cka_id);
// The request with the key's type and usage, with the clouds that it serves where none is given,
// and with version_label(), which names nobody.
// Errors kUsage "type-not-of-key", "usage-not-of-key", "name-with-tenant" (a label or an id).
[[nodiscard]] GenerateKekRequest completed(GenerateKekRequest request, const NextVersion& next,
                                           ByteView cka_id);
// What approvers approve beside the request.
[[nodiscard]] act::RecordedRequest inputs_of(const GenerateKekPlan& plan, const NextVersion& next);

// The version, its check values and its copy on this token, as they were read back.
[[nodiscard]] act::RegistryRows rows_of(const GeneratedKey& made, const NextVersion& next);
// Of a key of no tenant.
[[nodiscard]] act::RegistryRows rows_of(const GeneratedKey& made);
[[nodiscard]] Json to_json(const NextVersion& next);
[[nodiscard]] std::string text_of(const NextVersion& next);  // for people

}  // namespace keyrite::keys
