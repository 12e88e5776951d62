// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a Rotation has while it goes on: which keys are left, and where the one at hand stands. One
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "act/tenant_key.h"
#include "registry/registry.h"
#include "rotation/internal/held_key.h"
#include "rotation/internal/key_run.h"
#include "rotation/internal/logged_decisions.h"
#include "rotation/internal/rewrap_step.h"
#include "rotation/rotation.h"
#include "site/layout.h"

namespace keyrite::rotation {

struct Rotation::State {
  RotateRequest request{};
  act::Context context{};
  registry::Time until{};
  std::deque<std::string> waiting_keys{};
  std::optional<KeyRun> now{};
  std::optional<act::HeldFile> held{};
  LoggedDecisions decisions{};
  RewrapStep rewrapping{};
  std::vector<KeyRun> ended{};
  // Versions that the log has as compromised by --compromised, when they are known.
  std::optional<std::set<registry::VersionId>> decided{};
  std::shared_ptr<const registry::Registry> opened{};

  [[nodiscard]] bool only_looks() const { return request.status || context.dry_run; }
  // To open one costs more than to ask it. What only looks opens it once; beside acts, another file
  // may have come in its place.
  [[nodiscard]] std::shared_ptr<const registry::Registry> open() {
    if (opened) return opened;
    auto registry = std::make_shared<const registry::Registry>(
        act::required_site(context).path(site::kRegistryName));
    if (only_looks()) opened = registry;
    return registry;
  }
  void choose();
  void choose_switched(const registry::Stores& stores, std::int64_t limit);
  void look();
  void hold();
  void look_at_compromise(const registry::Stores& stores);
  void end();
  void begin(std::string key) {
    now = KeyRun{.key = std::move(key),
                 .so_far = {.asked = request.force,
                            .consumers_ready = request.consumers_ready,
                            .compromised = request.compromised}};
  }
  [[nodiscard]] bool is_urgent() const;
  std::optional<act::Act> at_clouds();
  std::optional<act::Act> abandon();
  std::optional<act::Act> lose_bundle();
  std::optional<act::Act> act_of_step();
  [[nodiscard]] RotateRequest request_for(const KeyRun& run) const;
  [[nodiscard]] bool is_stuck(const KeyRun& run) const;
};

}  // namespace keyrite::rotation
