// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether two placements name one key of a cloud. AWS calls a KMS key by its ARN in some answers
// and by its id in others. Pure, any thread.
#pragma once

#include <optional>
#include <string>

#include "registry/model.h"

namespace keyrite::registry {

// A key as a cloud's answers name it, and the destination whose Region and account an id without
// them is in.
struct NamedCloudKey {
  const Destination& at;
  const std::optional<std::string>& name;
};

// False where one has no name. An account that a destination does not say is not compared.
[[nodiscard]] bool is_same_cloud_key(const NamedCloudKey& one, const NamedCloudKey& other);

}  // namespace keyrite::registry
