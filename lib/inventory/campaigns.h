// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Campaigns: a plan of acts on listed keys that is approved once, so that the acts ask nobody. Acts
// at the token, so that approvals are asked for and the log's key signs the plan's digest. One
// thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

inline constexpr int kCampaignVersion = 1;

struct OpenCampaignRequest {
  std::string plan{};  // file
  [[nodiscard]] static const std::vector<act::Field<OpenCampaignRequest>>& table();
};
struct CloseCampaignRequest {
  std::string id{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<CloseCampaignRequest>>& table();
};
struct ListCampaignsRequest {
  [[nodiscard]] static const std::vector<act::Field<ListCampaignsRequest>>& table();
};

// All of these: those of Registry; kUsage "site-not-given"; kVerification "decision-edited".
// open: those of parse_toml, read_file, destination_chosen, tenant_named and key_named; kConfig
// "campaign-format", "campaign-version", "campaign-unknown-field", "campaign-invalid" (also: an act
// that no campaign can cover, a key twice, no act, no key), "campaign-window" (it ends before it
// begins or before now, or more than 366 days ahead).
[[nodiscard]] act::Act open_campaign(const OpenCampaignRequest& request);
// Errors kUsage "campaign-unknown", "name-invalid"; kFailed "campaign-closed-already".
[[nodiscard]] act::Act close_campaign(const CloseCampaignRequest& request);
// With how many acts there were under each. Errors: also those of read_log.
[[nodiscard]] Shown list_campaigns(const ListCampaignsRequest& request,
                                   const act::Context& context);

}  // namespace keyrite::inventory
