// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The file of a campaign's plan, as people write it. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "registry/decision.h"

namespace keyrite::inventory {

struct NamedCampaignKey {
  std::string tenant{};
  std::string key{};
  std::vector<std::string> destinations{};  // names, identifiers or ids
};
// The plan without what only a site knows: ids, threshold, who.
struct CampaignFile {
  registry::CampaignPlan plan{};
  std::vector<NamedCampaignKey> keys{};
};

// Errors: those of parse_toml and open_campaign about the file.
[[nodiscard]] CampaignFile campaign_file(ByteView content, const std::string& origin,
                                         TimePoint now);

}  // namespace keyrite::inventory
