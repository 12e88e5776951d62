// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/switch_version.h"

#include "approval/operation.h"
#include "keys/activation.h"

namespace keyrite::rotation {

act::Act switch_version(const RotateRequest& one, keys::Beside beside) {
  return {approval::operation_named(kRotateAct), [=](const act::Context& context) {
            return keys::prepared_activation(
                {.act = kRotateAct, .tenant = *one.tenant, .key = *one.key, .beside = beside},
                act::record(one), context);
          }};
}

}  // namespace keyrite::rotation
