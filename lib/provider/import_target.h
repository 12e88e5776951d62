// The destination of an import, as far as parameters and options state it before a token is asked.
// Approvers read and approve it. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provider/options.h"
#include "provider/parameters.h"

namespace keyrite::provider {

struct TargetWord {
  std::string name{};  // "cloud_key"
  std::string value{};
  bool tells_whose{false};  // it may tell whose key it is
};

// cloud, cloud_key, wrapping_algorithm, and by cloud account, region, vault, key_exchange_key,
// project, location, key_ring, import_job, protection_level; parameters_valid_to where they end.
// What no table of ours has may tell whose key it is: Regions and locations too, of which clouds
// make new ones, so that a text in their place is any text. A
// key that takes its name from a label that only the token has (no `label`, no name among the
// options) has "cloud_key_in" and "cloud_key_name" instead of cloud_key.
[[nodiscard]] std::vector<TargetWord> import_target(const ImportParameters& parameters,
                                                    const ImportOptions& options,
                                                    const std::optional<std::string>& label);

}  // namespace keyrite::provider
