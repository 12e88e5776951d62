// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "imports/cloud_version.h"

#include <variant>

#include "imports/tenant_target.h"

namespace keyrite::imports {

provider::CloudKeyVersion cloud_version_of(const registry::Destination& destination,
                                           const registry::Placement& placement) {
  provider::CloudKeyVersion key{.provider = provider::parse_provider(destination.provider),
                                .account = destination.account,
                                .container = destination.container,
                                .name = destination.name,
                                .region = destination.region,
                                .cloud_key = placement.cloud_key,
                                .cloud_version = placement.cloud_version};
  const auto at = place_of(destination);
  if (const auto* options = std::get_if<provider::aws::ImportOptions>(&at.options))
    key.profile = options->profile;
  return key;
}

}  // namespace keyrite::imports
