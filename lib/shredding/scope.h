// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a shred is about: the versions that are to go, where each of them is, and what stands under
// it. Read from the registry, and compared with the log before anything is destroyed by it. Plain
// values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "keys/logged_versions.h"
#include "registry/transaction.h"
#include "shredding/requests.h"

namespace keyrite::shredding {

using keys::logged_versions;
using keys::LoggedVersions;

// Where a cloud has a version, or may have it.
struct CloudPlace {
  registry::Destination destination{};
  registry::Placement placement{};
  // Other versions that the cloud has in the same cloud key, and that are to live: numbers.
  std::vector<std::int64_t> shared_with{};
  // Of the log: the entry by which officers decided that nobody waits for its answer.
  std::optional<std::uint64_t> waived_by{};
  std::optional<registry::Time> scheduled{};  // the day on which the cloud said it deletes it
};

struct DoomedVersion {
  registry::Key key{};
  registry::Version version{};
  std::vector<registry::CheckValue> check_values{};
  std::optional<registry::Canary> canary{};
  std::vector<registry::Copy> copies{};  // in every form
  std::vector<CloudPlace> places{};
  std::int64_t deks_here{0};
  std::int64_t deks_with_callers{0};
  std::int64_t credentials{0};  // sealed under data keys of this version
  // Of the log: by which entry the version was condemned; whether each copy on a token, of which
  // there is one at least, was shown to be gone.
  std::optional<std::uint64_t> condemned_by{};
  bool shown_gone{false};
  [[nodiscard]] bool is_destroyed() const {
    return version.state == registry::VersionState::kDestroyed;
  }
  [[nodiscard]] std::string text() const;  // "version 1 of the key \"payments\""
};

struct Scope {
  registry::Tenant tenant{};
  std::vector<DoomedVersion> versions{};  // by name of the key and number
  [[nodiscard]] bool all(bool (*is)(const DoomedVersion&)) const;
};

// Of its versions, each key once, by their ids in the registry.
[[nodiscard]] std::vector<std::string> keys_of(const Scope& scope);

// Errors kUsage "tenant-unknown", "key-unknown", "version-unknown"; kFailed "legal-hold" (the
// tenant is on hold), "shred-nothing" (no key has a version); kVerification "version-differs": the
// log has another id, state, check value, public half or copy of one of them than the registry, or
// another entry that froze it.
[[nodiscard]] Scope scope_of(const registry::Stores& stores, const ShredRequest& request,
                             const registry::DecisionInLog& log, const LoggedVersions& logged);
// The same of a registry that nobody holds. Errors also those of act::require_readable;
// kUnknownOutcome "registry-behind": they differ because it has not taken over an entry.
[[nodiscard]] Scope scope_of_site(const registry::Stores& stores, const site::Site& site,
                                  const ShredRequest& request, const LoggedVersions& logged);
[[nodiscard]] Scope read_scope(const act::Context& context, const ShredRequest& request,
                               const LoggedVersions& logged);

// A copy on a token that is not shown to be gone.
[[nodiscard]] bool is_on_token(const registry::Copy& copy);
// Whether the cloud has the version, as far as anybody said, or may have it.
[[nodiscard]] bool may_be_at_cloud(const registry::Placement& placement);

}  // namespace keyrite::shredding
