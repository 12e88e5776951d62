// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "registry/cloud_key.h"

#include "base/kms_key.h"

namespace keyrite::registry {

bool is_same_cloud_key(const NamedCloudKey& one, const NamedCloudKey& other) {
  if (!one.name || !other.name || one.at.provider != other.at.provider) return false;
  if (one.at.provider != "aws") return *one.name == *other.name;
  return is_same_kms_key({*one.name, one.at.region, one.at.account},
                         {*other.name, other.at.region, other.at.account});
}

}  // namespace keyrite::registry
