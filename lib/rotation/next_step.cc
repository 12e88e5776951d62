// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/next_step.h"

namespace keyrite::rotation {

namespace {

bool begins(const Standing& standing, const RunSoFar& run, registry::Time until) {
  if (run.switched) return false;
  if (run.asked || !standing.active) return true;
  return standing.key.due && *standing.key.due <= until;
}

}  // namespace

Step next_step(const Standing& standing, const RunSoFar& run, registry::Time until) {
  if (run.marks) return Step::kMarkCompromised;
  if (standing.waiting) {
    if (!standing.unproven.empty() && !standing.ahead) return Step::kWaitForClouds;
    return standing.moves_consumers && !run.consumers_ready ? Step::kWaitForConsumers
                                                            : Step::kSwitch;
  }
  // What an earlier rotation left is moved first: a data key is never two versions behind.
  if (standing.active && standing.left_here > 0 && run.rewrapped_to != standing.active->id.number)
    return Step::kRewrap;
  const bool forced = run.asked && !run.switched;
  if (standing.catching_up && !standing.unproven.empty() && !forced) return Step::kWaitForClouds;
  // The next version would come on top of one that consumers do not have yet.
  if (standing.awaits_switch()) return Step::kWaitForSwitch;
  if (begins(standing, run, until)) return Step::kMake;
  return run.switched || run.rewrapped_to != 0 || run.behind || run.compromised ? Step::kDone
                                                                                : Step::kNothing;
}

}  // namespace keyrite::rotation
