// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Which step of a rotation is next, from where it stands: a pure function, so that a run that was
// killed anywhere goes on where it was. Any thread.
#pragma once

#include <cstdint>

#include "rotation/standing.h"

namespace keyrite::rotation {

enum class Step : std::uint8_t {
  kNothing,           // it is not due
  kMarkCompromised,   // --compromised: the version is marked, which policy has approvals for
  kMake,              // the next version, in the token
  kWaitForClouds,     // until the next version is proven or accepted wherever the key serves; of
                      // an active one that follows a compromised one too
  kWaitForConsumers,  // until their owner says that they name the version that they need
  kSwitch,            // the next version becomes active, the one before is deactivated
  kRewrap,            // data keys move to the active version
  kWaitForSwitch,     // until a cloud, where an import is the switch, has switched too
  kDone
};

// What this run has done, and what it is asked for.
struct RunSoFar {
  bool asked{false};     // --force
  bool switched{false};  // or made: it does not begin another rotation
  // The active version to which this run moved data keys; 0: it did not. A run that first moves
  // what an earlier one left moves them once more after the switch.
  std::int64_t rewrapped_to{0};
  bool consumers_ready{false};  // --consumers-ready
  bool behind{false};           // when it began, a cloud had not got the active version yet
  bool compromised{false};      // --compromised
  bool marks{false};            // and the log does not have that yet
};

[[nodiscard]] Step next_step(const Standing& standing, const RunSoFar& run, registry::Time until);

}  // namespace keyrite::rotation
