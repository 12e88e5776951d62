// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/rotation.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/file.h"
#include "base/text.h"
#include "keys/generate_kek.h"
#include "registry/registry.h"
#include "rotation/internal/cloud_acts.h"
#include "rotation/internal/given_folders.h"
#include "rotation/internal/giving_up.h"
#include "rotation/internal/held_key.h"
#include "rotation/internal/key_run.h"
#include "rotation/internal/logged_decisions.h"
#include "rotation/internal/rewrap_step.h"
#include "rotation/internal/switch_over.h"
#include "rotation/standing_text.h"
#include "rotation/switch_version.h"
#include "site/layout.h"

namespace keyrite::rotation {

struct Rotation::State {
  RotateRequest request{};
  act::Context context{};
  registry::Time until{};
  std::deque<std::string> waiting_keys{};
  std::optional<KeyRun> now{};
  std::optional<HeldKey> held{};
  LoggedDecisions decisions{};
  RewrapStep rewrapping{};
  std::vector<KeyRun> ended{};

  [[nodiscard]] bool only_looks() const { return request.status || context.dry_run; }
  [[nodiscard]] registry::Registry open() const {
    return registry::Registry(act::required_site(context).path(site::kRegistryName));
  }
  void choose();
  void choose_switched(const registry::Stores& stores, std::int64_t limit);
  void look();
  void hold();
  void end() {
    if (!now->error && !now->abandoning) now->error = difference_in(*now);
    ended.push_back(std::move(*now));
    now.reset();
    held.reset();
    rewrapping = {};
  }
  void begin(std::string key) {
    now = KeyRun{.key = std::move(key),
                 .so_far = {.asked = request.force, .consumers_ready = request.consumers_ready}};
  }
  std::optional<act::Act> at_clouds();
  std::optional<act::Act> abandon();
  std::optional<act::Act> act_of_step();
  [[nodiscard]] RotateRequest request_for(const KeyRun& run) const;
  [[nodiscard]] bool is_stuck(const KeyRun& run) const;
};

// Whose keys: those that are named, or due, or under way.
void Rotation::State::choose() {
  const auto registry = open();
  const auto view = registry.read();
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
  const auto view = registry.read();
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
  now->suspended = tenant.state != registry::TenantState::kActive;
  now->step = now->suspended ? Step::kNothing : next_step(now->standing, now->so_far, until);
}

// Whoever had the key may have changed where it stands.
void Rotation::State::hold() {
  if (held || only_looks()) return;
  held.emplace(act::required_site(context), now->key, key_text(now->standing));
  look();
}

// What the log keeps of an act with one key.
RotateRequest Rotation::State::request_for(const KeyRun& run) const {
  RotateRequest one;
  one.tenant = run.standing.tenant.name;
  one.key = run.standing.key.name;
  one.consumers_ready = request.consumers_ready && run.standing.moves_consumers;
  one.abandon = request.abandon;
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
  auto act = next_deletion(request, *now);
  now->at_cloud = act.has_value();
  if (act) return act;
  remark_bundles(*now);
  write_deletions(request, *now);
  if (now->cloud_error) throw Error(std::as_const(*now->cloud_error));
  return std::nullopt;
}

// nullopt: the step is no act, or is over.
std::optional<act::Act> Rotation::State::act_of_step() {
  const auto one = request_for(*now);
  switch (now->step) {
    case Step::kMake: {
      now->so_far.switched = true;
      keys::GenerateKekRequest next;
      next.tenant = one.tenant;
      next.key = one.key;
      return keys::generate_kek(next);
    }
    case Step::kSwitch:
      now->so_far.switched = true;
      return switch_version(*one.tenant, *one.key, act::record(one));
    case Step::kRewrap:
      return rewrapping.next(*now, request.jobs);
    default:
      return std::nullopt;
  }
}

bool Rotation::State::is_stuck(const KeyRun& run) const {
  const bool waits = run.step == Step::kWaitForClouds || run.step == Step::kWaitForConsumers ||
                     run.step == Step::kWaitForSwitch;
  if (!waits || !request.stuck_after) return false;
  return *run.standing.waiting_since + std::chrono::days(*request.stuck_after) <
         act::time_of(context);
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

std::optional<act::Act> Rotation::next() {
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
        if (auto act = state.at_clouds()) return act;
        if (auto act = state.act_of_step()) return act;
        if (state.now->step == Step::kRewrap && !state.now->error) continue;
        write_asks(state.request, state.context, *state.now);
        write_switch(state.request, *state.now);
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

Json Rotation::document() const {
  Json document{{"keys", Json::array()}, {"summary", Json::object()}};
  for (const auto* state :
       {"done", "waiting", "to-do", "not-due", "tenant-not-active", "given-up", "failed"})
    document["summary"][state] = 0;
  for (const auto& run : state_->ended) {
    document["keys"].push_back(to_json(run));
    auto& count = document["summary"][std::string(state_word(run))];
    count = count.get<int>() + 1;
  }
  return document;
}

std::vector<std::string> Rotation::text() const {
  std::vector<std::string> lines;
  for (const auto& run : state_->ended) {
    lines.push_back(sentence(run, state_->is_stuck(run)));
    if (run.error && !run.error->hint().empty()) lines.push_back("  hint: " + run.error->hint());
    for (const auto& remark : run.remarks) lines.push_back("  note: " + remark);
    for (auto& line : done_lines(run)) lines.push_back(std::move(line));
    for (const auto& folder : run.deleting)
      lines.push_back(fmt::format(
          "  to be deleted: run the scripts in {0} on the connected machine, and bring {0}.answers",
          printable(folder)));
    for (const auto& folder : run.asked)
      lines.push_back(fmt::format("  to be fetched: run {}/fetch.sh on the connected machine",
                                  printable(folder)));
    for (const auto& folder : run.switching)
      lines.push_back(fmt::format(
          "  to be switched: run the scripts in {} on the connected machine", printable(folder)));
    if (run.step == Step::kWaitForClouds || run.step == Step::kWaitForSwitch) {
      for (auto& line : waits_lines(run.standing)) lines.push_back(std::move(line));
    }
    if (run.step == Step::kDone && run.standing.left_with_callers > 0) {
      lines.push_back(fmt::format(
          "  {} record(s) that callers keep are under an earlier version: move them with keyrite "
          "dek rewrap --from FILE --out FILE",
          run.standing.left_with_callers));
    }
  }
  if (lines.empty())
    lines.emplace_back(state_->request.status ? "no rotation is under way; whether the scripts "
                                                "of a switch were run is not known here"
                                              : "nothing is due");
  return lines;
}

int Rotation::code() const {
  std::optional<Kind> worst;
  const auto count = [&](Kind kind) {
    if (!worst || severity(kind) > severity(*worst)) worst = kind;
  };
  for (const auto& run : state_->ended) {
    if (run.error) count(run.error->kind());
    if (state_->is_stuck(run)) count(Kind::kWaiting);
  }
  return worst ? static_cast<int>(*worst) : 0;
}

std::vector<std::string> Rotation::text_beside_error() const {
  std::vector<std::string> lines;
  for (const auto& run : state_->ended) {
    for (const auto& remark : run.remarks) lines.push_back("note: " + remark);
    for (const auto& line : done_lines(run)) lines.push_back(line.substr(2));
  }
  return lines;
}

std::optional<Error> Rotation::error() const {
  if (!state_->request.tenant || state_->ended.empty()) return std::nullopt;
  return state_->ended.front().error;
}

}  // namespace keyrite::rotation
