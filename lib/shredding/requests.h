// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What shred is asked for: its table makes options, log and man page. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "keys/logged_versions.h"

namespace keyrite::shredding {

using keys::kDestroyAct;
using keys::kShredAct;
using keys::kWaiveAct;
inline constexpr const char* kFreezeAct = "shred-freeze";
inline constexpr const char* kUnfreezeAct = "shred-unfreeze";
inline constexpr const char* kRecordsAct = "shred-records";
inline constexpr const char* kCloseAct = "shred-close";
inline constexpr const char* kDeletionAct = "shred-deletion";
inline constexpr const char* kForgetAct = "shred-forget";
inline constexpr const char* kNamesAct = "shred-names";

struct ShredRequest {
  std::string tenant{};
  std::optional<std::string> key{};
  std::optional<std::uint32_t> version{};
  std::string reason{};
  std::optional<std::string> requested_at{};  // RFC 3339
  std::optional<std::string> request_ref{};
  bool unfreeze{false};
  std::optional<std::string> output{};        // folder for the clouds' scripts
  std::optional<std::string> answers{};       // folder with what the clouds answered
  std::optional<std::string> cloudtrail{};    // folder with files of CloudTrail
  std::vector<std::string> cloudtrail_key{};  // SHA-256 of keys that sign them, compared
  std::optional<std::string> waive{};         // the id of a destination
  bool forget{false};
  std::optional<std::string> copy{};  // folder for the names that go
  [[nodiscard]] static const std::vector<act::Field<ShredRequest>>& table();
};

// Errors kUsage "shred-what": a version without a key, --unfreeze beside a folder, --waive or
// --forget beside what is about one key or one shred, one of --forget and --copy alone, or one of
// --cloudtrail and --cloudtrail-key alone;
// "name-invalid" of the reason or the reference; those of parse_rfc3339.
void require_sense(const ShredRequest& request);

// What approvers approve, and the log keeps: the folders are where this run reads and writes.
[[nodiscard]] ShredRequest without_folders(ShredRequest request);

}  // namespace keyrite::shredding
