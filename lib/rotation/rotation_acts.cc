// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which act a step is.
#include <utility>

#include "keys/generate_kek.h"
#include "rotation/internal/cloud_acts.h"
#include "rotation/internal/compromise.h"
#include "rotation/internal/giving_up.h"
#include "rotation/internal/lost_bundle.h"
#include "rotation/internal/rotation_state.h"
#include "rotation/switch_version.h"

namespace keyrite::rotation {

// What the log keeps of an act with one key.
RotateRequest Rotation::State::request_for(const KeyRun& run) const {
  RotateRequest one;
  one.tenant = run.standing.tenant.name;
  one.key = run.standing.key.name;
  one.consumers_ready = request.consumers_ready && run.standing.moves_consumers;
  one.abandon = request.abandon;
  one.compromised = run.standing.ahead;
  return one;
}

// Answers are judged, and parameters used, before anything else is found out.
std::optional<act::Act> Rotation::State::at_clouds() {
  if (rewrapping.is_out()) return std::nullopt;
  if (request.parameters) require_folder(*request.output);
  auto act = next_cloud_act(request, context, *now);
  now->at_cloud = act.has_value();
  if (act) return act;
  if (now->cloud_error) throw Error(std::as_const(*now->cloud_error));
  if (const auto different = difference_of_waiting(now->standing)) throw Error(*different);
  return std::nullopt;
}

// Until no version waits, and nothing more is told of the clouds.
std::optional<act::Act> Rotation::State::abandon() {
  const bool waits = now->standing.waiting.has_value();
  const bool told = !now->tried.empty();
  const bool known = !now->given_up.empty() || !now->unanswered.empty();
  now->at_cloud = false;
  if (!now->gave_up && (waits || (!known && !told))) {
    now->gave_up = true;
    return give_up(request_for(*now), now->destroyed);
  }
  auto act = next_deletion(request, request_for(*now), *now);
  now->at_cloud = act.has_value();
  if (act) return act;
  remark_bundles(*now);
  write_deletions(request, *now);
  if (now->cloud_error) throw Error(std::as_const(*now->cloud_error));
  return std::nullopt;
}

// Nothing else is done: the next run makes another bundle.
std::optional<act::Act> Rotation::State::lose_bundle() {
  now->at_cloud = false;
  if (now->gave_up) return std::nullopt;
  now->gave_up = true;
  auto one = request_for(*now);
  one.bundle_lost = true;
  one.destination = request.destination;
  one.reason = request.reason;
  return rotation::lose_bundle(one);
}

// nullopt: the step is no act, or is over.
std::optional<act::Act> Rotation::State::act_of_step() {
  const auto one = request_for(*now);
  now->at_cloud = false;
  switch (now->step) {
    case Step::kMarkCompromised: {
      auto marking = one;
      marking.compromised = true;
      marking.version = request.version;
      marking.reason = request.reason;
      decided.reset();
      return mark_compromised(marking);
    }
    case Step::kMake: {
      now->so_far.switched = true;
      keys::GenerateKekRequest next;
      next.tenant = one.tenant;
      next.key = one.key;
      return keys::generate_kek(next);
    }
    case Step::kSwitch:
      now->so_far.switched = true;
      return switch_version(
          one, now->standing.ahead ? keys::Beside::kCompromised : keys::Beside::kActive);
    case Step::kRewrap:
      return rewrapping.next(*now, request.jobs);
    default:
      return std::nullopt;
  }
}

}  // namespace keyrite::rotation
