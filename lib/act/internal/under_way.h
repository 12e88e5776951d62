// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// That a process is still at work on a run whose intent is in the log, while it does not hold the
// log (act/held_file.h). So nobody settles an act that is not over. One thread.
#pragma once

#include <string>

#include "act/held_file.h"

namespace keyrite::act {

// Error kFailed "file-unwritable": also where another process has a run of this id.
[[nodiscard]] HeldFile hold_run(const site::Site& site, const std::string& run);

// Whether a process has one of this run.
[[nodiscard]] bool is_under_way(const site::Site& site, const std::string& run);

}  // namespace keyrite::act
