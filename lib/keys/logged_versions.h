// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the log has of each version: where it is, and by what it is recognised. Before a key is
// destroyed the registry alone is not believed: who takes a copy out of it, or changes a check
// value, would have a version called destroyed that nobody looked for. Plain values; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/transaction.h"
#include "site/site.h"

namespace keyrite::keys {

// Only these acts condemn a version, show that a copy is gone, and waive what a cloud answers: a
// log takes entries of acts on files from anybody.
inline constexpr const char* kShredAct = "shred";
inline constexpr const char* kDestroyAct = "shred-destroy";
inline constexpr const char* kWaiveAct = "shred-waive";

struct LoggedCopy {
  std::string token_serial{};
  std::string state{};
  bool shown_gone{false};  // by an act that destroyed it and looked
};
struct LoggedVersion {
  std::string cka_id{};
  std::string state{};
  std::string public_key_sha256{};
  std::vector<registry::CheckValue> check_values{};
  std::map<std::string, LoggedCopy> copies{};  // on tokens, by their ids
  std::optional<std::uint64_t> frozen_by{};
  std::optional<std::uint64_t> condemned_by{};
};
struct LoggedVersions {
  std::map<registry::VersionId, LoggedVersion> versions{};
  std::map<std::string, registry::VersionId> copies{};  // whose each is
  // By destination and number: the entry that waived what it answers.
  std::map<std::pair<std::string, std::int64_t>, std::uint64_t> waived{};
  // One that the log has nothing of: an empty one.
  [[nodiscard]] LoggedVersion of(const registry::VersionId& id) const;
};
// Errors: those of act::each_registry_entry.
[[nodiscard]] LoggedVersions logged_versions(const site::Site& site);

}  // namespace keyrite::keys
