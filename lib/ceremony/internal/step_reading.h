// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads the steps of a ceremony's file, each by its kind. Internal to ceremony/file.cc; one thread.
#pragma once

#include <vector>

#include "ceremony/internal/fields.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

// The steps of the list `name`, numbered from `first` on.
[[nodiscard]] std::vector<Step> read_steps(Fields& file, const char* name, std::uint32_t first);
[[nodiscard]] std::vector<Setup> read_setups(Fields& file, const char* name);

}  // namespace keyrite::ceremony
