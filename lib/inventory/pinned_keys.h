// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Wrapping keys that are approved by their fingerprint for all imports into one vault or key ring,
// until a day. Acts at the token, so that approvals are asked for and the log's key signs the
// decision. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct PinKeyRequest {
  std::string place{};  // as provider::parse_wrapping_key_place
  std::string sha256{};
  std::string until{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<PinKeyRequest>>& table();
};
struct UnpinKeyRequest {
  std::string place{};
  std::string sha256{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<UnpinKeyRequest>>& table();
};
struct ListPinnedRequest {
  [[nodiscard]] static const std::vector<act::Field<ListPinnedRequest>>& table();
};

// All of these: those of Registry and parse_wrapping_key_place; kUsage "site-not-given",
// "name-invalid", "fingerprint-invalid"; kVerification "decision-edited".
// pin: kUsage "pin-until" (in the past, or more than 366 days ahead), "time-invalid"; kFailed
// "pinned-already".
[[nodiscard]] act::Act pin_key(const PinKeyRequest& request);
// Error kUsage "pin-unknown".
[[nodiscard]] act::Act unpin_key(const UnpinKeyRequest& request);
[[nodiscard]] Shown list_pinned(const ListPinnedRequest& request, const act::Context& context);

}  // namespace keyrite::inventory
