// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/switch_version.h"

#include "approval/operation.h"
#include "keys/activation.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

act::Act switch_version(const std::string& tenant, const std::string& key,
                        const act::RecordedRequest& request) {
  return {approval::operation_named(kRotateAct), [=](const act::Context& context) {
            return keys::prepared_activation(
                {.act = kRotateAct, .tenant = tenant, .key = key, .beside = keys::Beside::kActive},
                request, context);
          }};
}

}  // namespace keyrite::rotation
