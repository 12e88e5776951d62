// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the connected machine is asked for one version at one destination: a folder with fetch.sh
// and ask.json. ask.json says whose parameters they will be, by pseudonyms. It follows from the
// registry alone, so whoever gets parameters makes it again and compares every byte. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "provider/fetch_script.h"
#include "rotation/places.h"
#include "rotation/standing.h"

namespace keyrite::rotation {

inline constexpr std::string_view kAskFormat = "keyrite-ask";
inline constexpr int kAskVersion = 1;

// AWS symmetric keys: whether the KMS key of the earlier versions takes the new one (rotation in
// place), or a new KMS key does, to which the alias moves. Others have no choice, and neither has a
// KMS key that opens what a compromised version encrypted: the next version gets a new one.
enum class CloudKey { kSame, kNew };

struct Ask {
  std::string folder{};    // the name of the folder
  std::string document{};  // ask.json: canonical JSON and a line end
  provider::FetchOrder order{};
  bool in_place{false};  // AWS: as new material of a key that has material
  // AWS, of a replica: the id that the material has in its primary key.
  std::optional<std::string> material_id{};
  std::vector<std::string> remarks{};  // for people
};

// Of the version that waits, or else of the active one. Errors kFailed "rotation-limit" (the cloud
// takes no more versions there), "rotation-material-expires" (material with an end in a key with
// several: with the first that ends the whole key stops), "rotation-multi-region" (nobody said
// where the replicas are), "rotation-replica-early" (the primary key does not have the version),
// "rotation-place-fixed" (a new KMS key is needed, and the destination is one key); those of
// provider::fetch_script.
[[nodiscard]] Ask ask_for(const Standing& standing, const Place& place, CloudKey wanted);

// fetch.sh and ask.json.
[[nodiscard]] std::vector<FolderFile> files_of(const Ask& ask);

}  // namespace keyrite::rotation
