// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The acts of a log under campaigns: each names a campaign that an earlier entry opened and none
// closed, with the plan's SHA-256 of that entry, and they are counted from 1 without a gap to at
// most what the campaign allows. Fed with entries in their order; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json_fwd.h"

namespace keyrite::audit {

class CampaignUses {
 public:
  // Errors kVerification, with the number of the entry: "campaign-miscounted"; "entry-invalid": it
  // tells of a campaign, and is no valid JSON.
  void take(std::uint64_t index, std::string_view line);

 private:
  struct Campaign {
    std::string plan_sha256{};
    std::uint64_t uses{0};
    std::uint64_t of{0};  // 0: no act yet
    bool closed{false};
  };
  void take_decision(const Json& entry);
  void take_use(std::uint64_t index, const Json& use);
  std::map<std::string, Campaign, std::less<>> campaigns_{};
};

}  // namespace keyrite::audit
