// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What rotate is asked for: its table makes options, log and man page. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"

namespace keyrite::rotation {

inline constexpr const char* kRotateAct = "rotate";

struct RotateRequest {
  std::optional<std::string> tenant{};
  std::optional<std::string> key{};
  bool due{false};
  bool status{false};
  bool force{false};
  std::optional<std::uint32_t> within{};       // days
  std::optional<std::uint32_t> limit{};        // keys
  std::optional<std::uint32_t> stuck_after{};  // days
  // Folders. What this run writes goes into `output`; what was fetched, and what was imported, is
  // read from the other two.
  std::optional<std::string> output{};
  std::optional<std::string> parameters{};
  std::optional<std::string> answers{};
  std::vector<std::string> expect_wrapping_key{};
  std::optional<std::string> vouched{};          // file
  std::vector<std::string> vouched_signature{};  // files
  bool new_cloud_key{false};
  bool consumers_ready{false};
  bool abandon{false};
  std::optional<std::uint32_t> jobs{};  // sessions that move data keys
  bool compromised{false};
  std::optional<std::uint32_t> version{};  // of --compromised
  bool bundle_lost{false};
  std::optional<std::string> destination{};  // of --bundle-lost
  std::optional<std::string> reason{};       // of both
  // As wrap-for-import has them.
  bool accept_padded_pkcs8{false};
  bool allow_host_ephemeral{false};
  [[nodiscard]] static const std::vector<act::Field<RotateRequest>>& table();
};

// Errors kUsage "rotate-what": not one of --tenant with --key, --due and --status, --compromised
// without a version and a reason, or --bundle-lost without a reason; "rotate-range":
// a number of days or keys that makes no sense; "rotate-folders": an option that says what to do
// with a folder, without the folder.
void require_sense(const RotateRequest& request);

}  // namespace keyrite::rotation
