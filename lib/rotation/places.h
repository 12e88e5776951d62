// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a version of a key has to go, and how far it is there, as the registry has it. Plain
// values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "provider/state_commands.h"
#include "registry/transaction.h"

namespace keyrite::rotation {

// Of a replica key at AWS: what its primary key has, which is imported first.
struct PrimaryPlace {
  std::string region{};
  bool is_known{false};  // the key has that destination, one that is multi-Region
  std::optional<registry::Placement> placement{};  // of the version that is meant
};

// A destination of the key that is in service.
struct Place {
  registry::Destination destination{};
  std::optional<registry::Placement> placement{};    // of the version that is meant
  std::optional<registry::Time> parameters_until{};  // of a bundle that waits for its import
  // Of the newest version before it that the cloud has, or may have: consumers there use it.
  std::optional<registry::Placement> before{};
  // Versions that the cloud has: in the cloud key of `before`, and at the destination at all.
  std::int64_t in_cloud_key{0};
  std::int64_t at_destination{0};
  // AWS: the KMS key of the version that is meant, or that of `before`, opens for ever what a
  // version encrypted that is compromised.
  bool opens_compromised{false};
  bool before_opens_compromised{false};
  std::optional<PrimaryPlace> replica_of{};

  [[nodiscard]] registry::PlacementState state() const {
    return placement ? placement->state : registry::PlacementState::kNone;
  }
};

// By the id of the destination; of those that are retired none.
[[nodiscard]] std::vector<Place> places_of(const registry::Stores& stores,
                                           const registry::VersionId& version);

// The cloud's key as commands name it; the place has a placement.
[[nodiscard]] provider::CloudKeyVersion cloud_key_of(const Place& place);

// Where a cloud still has a version that is destroyed; also at destinations that are retired.
struct GivenUp {
  Place place{};
  // The cloud may have another version in the same cloud key, or under the same version of it.
  bool shares_cloud_key{false};
  bool shares_cloud_version{false};
};
[[nodiscard]] std::vector<GivenUp> given_up_places(const registry::Stores& stores,
                                                   const std::string& key);

// Where a cloud has, or may have, a version that is compromised; also at destinations that are
// retired.
struct CompromisedPlace {
  Place place{};
  bool shares_cloud_key{false};  // with a version that is not compromised
};
[[nodiscard]] std::vector<CompromisedPlace> compromised_places(const registry::Stores& stores,
                                                               const std::string& key);

// Of the version that waits, and of those that are destroyed: where a bundle was made, and nobody
// said what became of it.
[[nodiscard]] std::vector<Place> unanswered_bundles(const registry::Stores& stores,
                                                    const std::string& key);

// Whether the folder has just these files: a run that is repeated writes nothing twice.
[[nodiscard]] bool has_files(const std::string& folder, const std::vector<FolderFile>& files);

// Whether the cloud has it, as far as anybody said.
[[nodiscard]] bool is_at_cloud(const registry::Placement& placement);
// Whether the cloud has the version that is meant, as far as anybody said.
[[nodiscard]] bool has_version(const Place& place);
// Whether the cloud has the version before, as far as anybody said: it does not only may have it.
[[nodiscard]] bool has_version_before(const Place& place);

// Whether import parameters are to be fetched: nothing was wrapped, or what was can not be imported
// any more, or is for a KMS key that opens what is compromised. A bundle whose parameters have no
// end is not made twice.
[[nodiscard]] bool needs_parameters(const Place& place, registry::Time now);

// A replica key takes what its primary key has, under the id that AWS gave it there.
[[nodiscard]] bool waits_for_primary(const registry::Key& key, const Place& place);

// Azure: the active version was proven under its check name, and consumers do not have it yet.
[[nodiscard]] bool needs_own_name(const Place& place);

// AWS encrypts by the newest material of such a key, and opens by all of it.
[[nodiscard]] bool is_symmetric_at_aws(const registry::Key& key,
                                       const registry::Destination& destination);

// AWS, anything but a symmetric key: what was made under the version before is verified or
// decrypted by the KMS key of that version alone, so consumers have to name it before the alias
// moves on.
[[nodiscard]] bool moves_consumers(const registry::Key& key, const Place& place);

// "aws-1f2e3d4c-v2": the folders of one version at one destination have this name.
[[nodiscard]] std::string folder_of(const registry::Destination& destination, std::int64_t version);
// Azure: the name under which a version is proven before consumers see it.
[[nodiscard]] std::string check_name(const registry::Destination& destination,
                                     std::int64_t version);
// "ask-aws-1f2e3d4c-v2"
[[nodiscard]] std::string ask_folder(const registry::Destination& destination,
                                     std::int64_t version);

}  // namespace keyrite::rotation
