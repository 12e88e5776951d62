// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/rotation.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "base/text.h"
#include "rotation/internal/cloud_acts.h"
#include "rotation/internal/compromise.h"
#include "rotation/internal/earlier_keys.h"
#include "rotation/internal/given_folders.h"
#include "rotation/internal/giving_up.h"
#include "rotation/internal/left_behind.h"
#include "rotation/internal/lost_bundle.h"
#include "rotation/internal/public_half.h"
#include "rotation/internal/rotation_state.h"
#include "rotation/internal/switch_over.h"
#include "rotation/standing_text.h"

namespace keyrite::rotation {

// Whose keys: those that are named, or due, or under way.
void Rotation::State::choose() {
  const auto registry = open();
  const auto view = registry->read();
  const auto& stores = *view.operator->();
  require_folders_of(request, stores);
  until = act::time_of(context) + std::chrono::days(request.within.value_or(0));
  if (request.tenant) {
    waiting_keys.push_back(act::key_named(stores, *request.tenant, *request.key).id);
    return;
  }
  constexpr std::int64_t kEveryOne = std::numeric_limits<std::int64_t>::max();
  const std::int64_t limit = request.limit ? *request.limit : kEveryOne;
  for (const auto& key : keys_to_rotate(stores, until, kEveryOne)) {
    if (!key.name || (request.status && !is_under_way(stores, key))) continue;
    if (static_cast<std::int64_t>(waiting_keys.size()) >= limit) break;
    waiting_keys.push_back(key.id);
  }
  if (request.due && request.output) choose_switched(stores, limit);
}

// After those that are due, which the limit is for. A script that was not run is written again.
void Rotation::State::choose_switched(const registry::Stores& stores, std::int64_t limit) {
  for (const auto& key : keys_with_scripts(stores)) {
    if (static_cast<std::int64_t>(waiting_keys.size()) >= limit) break;
    if (key.name && std::ranges::find(waiting_keys, key.id) == waiting_keys.end())
      waiting_keys.push_back(key.id);
  }
}

// Where the key stands now. What of it does not agree with the log is its failure.
void Rotation::State::look() {
  const auto registry = open();
  const auto view = registry->read();
  const auto& stores = *view.operator->();
  const auto key = stores.keys.find(now->key).value();
  const auto tenant = stores.tenants.find(key.tenant).value();
  now->standing = standing_of(stores, tenant, key, act::time_of(context),
                              decisions.of(act::required_site(context)));
  if (now->from == 0 && now->standing.active) now->from = now->standing.active->id.number;
  now->abandoning = request.abandon;
  if (request.abandon) {
    now->given_up = given_up_places(stores, key.id);
    now->unanswered = unanswered_bundles(stores, key.id);
  }
  const bool lags = now->standing.catching_up && !now->standing.unproven.empty();
  now->so_far.behind = now->so_far.behind || lags || now->standing.awaits_switch();
  now->suspended = tenant.state != registry::TenantState::kActive;
  now->earlier = earlier_keys(stores, now->standing);
  now->lost = lost_bundles(stores, now->standing, act::time_of(context));
  look_at_compromise(stores);
  // What leaked leaked, whatever became of the tenant.
  const bool stands_still = now->suspended && !now->so_far.marks;
  now->step = stands_still ? Step::kNothing : next_step(now->standing, now->so_far, until);
}

// Whoever had the key may have changed where it stands.
void Rotation::State::hold() {
  if (held || only_looks()) return;
  held = hold_key(act::required_site(context), now->key, key_text(now->standing));
  look();
}

// The log is read for it where a version is compromised, or is to be.
void Rotation::State::look_at_compromise(const registry::Stores& stores) {
  auto& standing = now->standing;
  if (!request.compromised && standing.compromised.empty()) return;
  if (!decided) decided = decided_compromises(act::required_site(context));
  standing.ahead = goes_ahead(stores, standing, *decided);
  now->re_encrypt = re_encryptions(stores, standing);
  if (!request.compromised) return;
  const registry::VersionId id{standing.key.id, *request.version};
  (void)require_compromisable(stores, id);
  now->marks = id.number;
  now->so_far.marks = !decided->contains(id);
}

// Data keys do not wait for the clouds.
bool Rotation::State::is_urgent() const {
  if (now->step == Step::kMarkCompromised) return true;
  if (now->step == Step::kRewrap) return now->standing.catching_up;
  return now->standing.ahead && (now->step == Step::kMake || now->step == Step::kSwitch);
}

void Rotation::State::end() {
  if (!now->error) now->error = now->left_error;
  if (request.compromised && !only_looks() && !now->so_far.marks && now->marks != 0) {
    try {
      now->to_replace = list_replacements(request, context, {now->key, now->marks});
    } catch (const Error& error) {
      if (!now->error) now->error = error;
    }
  }
  if (!now->error && !now->abandoning) now->error = difference_in(*now);
  now->remarks.insert(now->remarks.end(), now->lost.begin(), now->lost.end());
  ended.push_back(std::move(*now));
  now.reset();
  held.reset();
  rewrapping = {};
}

Rotation::Rotation(RotateRequest request, act::Context context)
    : state_(std::make_unique<State>()) {
  require_sense(request);
  // Before anything is destroyed.
  if (request.abandon && request.answers && !std::filesystem::is_directory(*request.answers)) {
    throw Error(Kind::kUsage, "rotate-folders",
                fmt::format("there is no folder {}", printable(*request.answers)),
                "give the folder in which the script of the deletion saved its answers");
  }
  state_->request = std::move(request);
  state_->context = std::move(context);
  state_->choose();
}
Rotation::~Rotation() = default;

namespace {

// Each act of a rotation is about one key, also one that only records what a cloud answered.
act::Act of_key(act::Act act, std::string key) {
  return {act.operation,
          [prepare = std::move(act.prepare), key = std::move(key)](const act::Context& context) {
            act::PreparedAct prepared = prepare(context);
            if (prepared.intent.covers.keys.empty()) prepared.intent.covers.keys = {key};
            return prepared;
          }};
}

}  // namespace

std::optional<act::Act> Rotation::next() {
  auto act = next_of_key();
  if (!act) return std::nullopt;
  return of_key(*std::move(act), state_->now->key);
}

std::optional<act::Act> Rotation::next_of_key() {
  auto& state = *state_;
  while (state.now || !state.waiting_keys.empty()) {
    if (!state.now) {
      state.begin(std::move(state.waiting_keys.front()));
      state.waiting_keys.pop_front();
    }
    try {
      // What a rewrap came to is taken before anything else is looked at.
      if (!state.rewrapping.is_out()) {
        state.look();
        state.hold();
      }
      if (!state.only_looks() && !state.now->error) {
        if (state.request.abandon) {
          if (auto act = state.abandon()) return act;
          state.end();
          continue;
        }
        if (state.request.bundle_lost) {
          if (auto act = state.lose_bundle()) return act;
          state.end();
          continue;
        }
        if (state.is_urgent()) {
          if (auto act = state.act_of_step()) return act;
          continue;
        }
        if (auto act = state.at_clouds()) return act;
        if (auto act = state.act_of_step()) return act;
        if (state.now->step == Step::kRewrap && !state.now->error) continue;
        write_asks(state.request, state.context, *state.now);
        write_switch(state.request, *state.now);
        state.now->public_half =
            give_public_half(state.request, state.context, state.now->standing);
      }
    } catch (const Error& error) {
      state.now->error = error;
    }
    state.end();
  }
  return std::nullopt;
}

bool Rotation::failed(const Error& error) {
  auto& state = *state_;
  const bool goes_on = error.kind() != Kind::kPin && error.code() != "interrupted" &&
                       error.code() != "deks-interrupted";
  if (goes_on && state.now->at_cloud) {
    add_cloud_error(*state.now, error);
    return true;
  }
  const bool again = state.rewrapping.begins_again(error, *state.now);
  if (goes_on && again) return true;
  state.now->error = error;
  state.end();
  if (!goes_on) state.waiting_keys.clear();
  return goes_on;
}

}  // namespace keyrite::rotation
