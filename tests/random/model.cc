// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "random/model.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace keyrite::test {

namespace {

// What docs/formats/registry.md says of versions, written down once more, but for the activation,
// which is a step of its own.
const std::map<std::string, std::set<std::string>>& transitions() {
  static const std::map<std::string, std::set<std::string>> all{
      {"pre-activation", {"compromised", "destroyed"}},
      {"active", {"suspended", "deactivated", "compromised"}},
      {"suspended", {"active", "deactivated", "compromised"}},
      {"deactivated", {"compromised", "destroyed"}},
      {"compromised", {"destroyed"}},
      {"destroyed", {}}};
  return all;
}

const char* target_of(StepKind kind) {
  switch (kind) {
    case StepKind::kSuspend:
      return "suspended";
    case StepKind::kResume:
      return "active";
    case StepKind::kDeactivate:
      return "deactivated";
    case StepKind::kCompromise:
      return "compromised";
    default:
      return nullptr;
  }
}

const char* word_of(StepKind kind) {
  switch (kind) {
    case StepKind::kGenerate:
      return "generate";
    case StepKind::kActivate:
      return "activate";
    case StepKind::kIssue:
      return "issue";
    case StepKind::kRewrap:
      return "rewrap";
    case StepKind::kRotate:
      return "rotate";
    case StepKind::kSuspendTenant:
      return "suspend tenant";
    case StepKind::kEndSuspension:
      return "end suspension";
    default:
      return target_of(kind);
  }
}

std::size_t below(std::mt19937& random, std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

// How often each is drawn: a suspended tenant lets little else happen, and what is compromised
// stays.
StepKind drawn_kind(std::mt19937& random) {
  static const std::vector<StepKind> kinds{
      StepKind::kGenerate,      StepKind::kGenerate,     StepKind::kGenerate,
      StepKind::kActivate,      StepKind::kActivate,     StepKind::kActivate,
      StepKind::kSuspend,       StepKind::kResume,       StepKind::kResume,
      StepKind::kDeactivate,    StepKind::kDeactivate,   StepKind::kIssue,
      StepKind::kIssue,         StepKind::kIssue,        StepKind::kIssue,
      StepKind::kRewrap,        StepKind::kRotate,       StepKind::kCompromise,
      StepKind::kEndSuspension, StepKind::kSuspendTenant};
  return kinds[below(random, kinds.size())];
}

}  // namespace

std::string Step::text() const {
  return std::string(word_of(kind)) + " key " + std::to_string(key) + " version " +
         std::to_string(version) + " count " + std::to_string(count);
}

Model::Model() : suspended_(2) {
  for (std::size_t i = 0; i < 3; ++i)
    keys_.push_back({.tenant = i / 2, .name = "key" + std::to_string(i)});
}

Step Model::draw(std::mt19937& random) const {
  Step step{.kind = drawn_kind(random), .key = below(random, keys_.size())};
  const auto& versions = keys_[step.key].versions;
  // The last ones are those that move; one more than there are is refused.
  step.version = versions.size() + 1 - below(random, std::min<std::size_t>(4, versions.size() + 1));
  // A rotation that some of the data keys stop half way is tried by rotate_tool_test.
  if (step.kind == StepKind::kRotate && expected(step) != "done") step.kind = StepKind::kIssue;
  step.count = 1 + static_cast<int>(below(random, 3));
  return step;
}

const ModelVersion* Model::of_state(const Step& step, const std::string& state) const {
  const auto& versions = keys_[step.key].versions;
  const auto found = std::ranges::find(versions, state, &ModelVersion::state);
  return found == versions.end() ? nullptr : &*found;
}

std::string Model::expected_move(const Step& step, const std::string& to) const {
  const auto& versions = keys_[step.key].versions;
  if (step.version > versions.size()) return "version-unknown";
  if (!transitions().at(versions[step.version - 1].state).contains(to)) return "transition-illegal";
  if (to == "active" && of_state(step, "active") != nullptr) return "version-not-alone";
  return "done";
}

// Data keys under a suspended version are refused, and the others are moved all the same.
std::string Model::outcome_of_moving(const Step& step) const {
  int refused = 0;
  int moved = 0;
  for (const auto& version : keys_[step.key].versions) {
    if (version.state == "suspended") {
      refused += version.deks;
    } else if (version.state != "active") {
      moved += version.deks;
    }
  }
  if (refused == 0) return "done";
  return refused + moved == 1 ? "version-not-opening" : "deks-not-opened";
}

std::string Model::expected(const Step& step) const {
  const bool suspended = suspended_[keys_[step.key].tenant];
  if (const char* to = target_of(step.kind)) return expected_move(step, to);
  if (step.kind == StepKind::kSuspendTenant || step.kind == StepKind::kEndSuspension)
    return suspended == (step.kind == StepKind::kEndSuspension) ? "done" : "transition-illegal";
  if (step.kind == StepKind::kRotate) {
    const auto* held = of_state(step, "suspended");
    // A suspended tenant's key is left alone, which is no failure. What a step may come to instead
    // is not drawn.
    return !suspended && held != nullptr && held->deks > 0 ? "version-not-opening" : "done";
  }
  if (step.kind == StepKind::kRewrap) {
    if (of_state(step, "active") == nullptr) return "version-none-active";
    return outcome_of_moving(step);
  }
  if (suspended) return "tenant-not-active";
  if (step.kind == StepKind::kIssue)
    return of_state(step, "active") == nullptr ? "version-none-active" : "done";
  const bool waiting = of_state(step, "pre-activation") != nullptr;
  if (step.kind == StepKind::kGenerate) return waiting ? "version-not-alone" : "done";
  if (!waiting) return "version-unknown";
  return of_state(step, "active") != nullptr ? "version-not-alone" : "done";
}

void Model::apply(const Step& step) {
  auto& key = keys_[step.key];
  if (const char* to = target_of(step.kind)) {
    key.versions.at(step.version - 1).state = to;
    return;
  }
  if (step.kind == StepKind::kSuspendTenant || step.kind == StepKind::kEndSuspension) {
    suspended_[key.tenant] = step.kind == StepKind::kSuspendTenant;
    return;
  }
  if (step.kind == StepKind::kGenerate) {
    key.versions.emplace_back();
    return;
  }
  if (step.kind == StepKind::kActivate) {
    switch_version(key);
  } else if (step.kind == StepKind::kIssue) {
    std::ranges::find(key.versions, "active", &ModelVersion::state)->deks += step.count;
  } else if (step.kind == StepKind::kRewrap) {
    std::vector<Model> parts;
    rewrap(step.key, parts);
  } else if (!suspended_[key.tenant]) {
    auto whole = stages_of_rotation(step).back();
    *this = std::move(whole);
  }
}

void Model::switch_version(ModelKey& key) {
  for (auto& version : key.versions) {
    if (version.state == "active") {
      version.state = "deactivated";
    } else if (version.state == "pre-activation") {
      version.state = "active";
    }
  }
}

void Model::rewrap(std::size_t number, std::vector<Model>& stages) {
  ModelKey& key = keys_[number];
  const auto active = std::ranges::find(key.versions, "active", &ModelVersion::state);
  if (active == key.versions.end()) return;
  for (auto& version : key.versions) {
    if (version.state == "suspended" || version.state == "active") continue;
    if (version.deks == 0) continue;
    active->deks += std::exchange(version.deks, 0);
    stages.push_back(*this);
  }
}

std::vector<Model> Model::stages_of_rotation(const Step& step) const {
  std::vector<Model> stages;
  Model now = *this;
  auto& key = now.keys_[step.key];
  const bool waiting = of_state(step, "pre-activation") != nullptr;
  if (!waiting) {
    now.rewrap(step.key, stages);
    key.versions.emplace_back();
    stages.push_back(now);
  }
  now.switch_version(key);
  stages.push_back(now);
  now.rewrap(step.key, stages);
  return stages;
}

std::vector<Model> Model::stages(const Step& step) const {
  if (step.kind == StepKind::kRotate && !suspended_[keys_[step.key].tenant])
    return stages_of_rotation(step);
  if (step.kind == StepKind::kRewrap) {
    std::vector<Model> moved;
    Model now = *this;
    now.rewrap(step.key, moved);
    return moved;
  }
  std::vector<Model> whole{*this};
  whole.back().apply(step);
  return whole;
}

std::string Model::tenant_of(const Step& step) const {
  return "tenant" + std::to_string(keys_[step.key].tenant);
}

std::string Model::text() const {
  std::string all;
  for (std::size_t i = 0; i < suspended_.size(); ++i)
    all += "tenant" + std::to_string(i) + (suspended_[i] ? " suspended\n" : " active\n");
  for (const auto& key : keys_) {
    for (std::size_t i = 0; i < key.versions.size(); ++i)
      all += key.name + " " + std::to_string(i + 1) + " " + key.versions[i].state + " " +
             std::to_string(key.versions[i].deks) + "\n";
  }
  return all;
}

}  // namespace keyrite::test
