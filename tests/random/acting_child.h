// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Steps of a Model, done by keyrite's acts in a process of its own, which ends at the n-th call
// that writes as if it were killed there. One Runner does all of them. No module is loaded in the
// test's own process. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/site_room.h"
#include "random/model.h"

namespace keyrite::test {

// Of each step that ended: "done", or the code of its Error. Fewer than steps: killed in the next
// one. `killed_at`: 0 for never. `records` is the folder into which data keys' records are given
// out, a file for each step, by a number that goes on.
[[nodiscard]] std::vector<std::string> done_by_child(const SiteRoom& site, const Model& model,
                                                     const std::vector<Step>& steps,
                                                     std::uint64_t killed_at,
                                                     std::uint64_t first_file);

// keyrite resume in a process of its own: "done", or the code of its Error.
[[nodiscard]] std::string resumed_by_child(const SiteRoom& site);

}  // namespace keyrite::test
