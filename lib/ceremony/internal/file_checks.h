// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is wrong between the parts of a ceremony: names that stand twice, roles that nobody has,
// what a step uses and no earlier step makes. Internal to ceremony/file.cc; pure.
#pragma once

#include "ceremony/model.h"
#include "ceremony/problems.h"

namespace keyrite::ceremony {

void check_whole(const Ceremony& ceremony, Problems& problems);

}  // namespace keyrite::ceremony
