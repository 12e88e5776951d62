// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a site with two tenants and their keys is to keyrite, in a few lines: which act is taken,
// and what it changes. Steps are drawn at random from the model, so that most of them are taken.
// Plain values; one thread.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace keyrite::test {

enum class StepKind {
  kGenerate,
  kActivate,
  kSuspend,
  kResume,
  kDeactivate,
  kCompromise,
  kIssue,
  kRewrap,
  kRotate,
  kSuspendTenant,
  kEndSuspension,
};

struct Step {
  StepKind kind{};
  std::size_t key{};      // index; of a tenant's step, one of its keys
  std::size_t version{};  // number, where the step is about one
  int count{};            // of data keys
  [[nodiscard]] std::string text() const;
  // Whether the step did what it could although it was refused a part.
  [[nodiscard]] bool moves_what_it_can(const std::string& outcome) const {
    return kind == StepKind::kRewrap && outcome == "deks-not-opened";
  }
};

struct ModelVersion {
  std::string state{"pre-activation"};
  int deks{0};
  friend bool operator==(const ModelVersion&, const ModelVersion&) = default;
};

struct ModelKey {
  std::size_t tenant{};
  std::string name{};
  std::vector<ModelVersion> versions{};
  friend bool operator==(const ModelKey&, const ModelKey&) = default;
};

class Model {
 public:
  Model();
  [[nodiscard]] Step draw(std::mt19937& random) const;
  // "done", or the code of the Error.
  [[nodiscard]] std::string expected(const Step& step) const;
  // Of a step that is taken.
  void apply(const Step& step);
  // What a step that is killed may leave, the whole of it last: a rotation is several acts.
  [[nodiscard]] std::vector<Model> stages(const Step& step) const;

  [[nodiscard]] std::string tenant_of(const Step& step) const;
  [[nodiscard]] const ModelKey& key_of(const Step& step) const { return keys_[step.key]; }
  [[nodiscard]] const std::vector<ModelKey>& keys() const { return keys_; }
  // Each tenant's state, then of each version key, number, state and data keys: one line each.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] const ModelVersion* of_state(const Step& step, const std::string& state) const;
  [[nodiscard]] std::string expected_move(const Step& step, const std::string& to) const;
  [[nodiscard]] std::string outcome_of_moving(const Step& step) const;
  [[nodiscard]] std::vector<Model> stages_of_rotation(const Step& step) const;
  void switch_version(ModelKey& key);
  // Adds what there is after each batch, which is of one version.
  void rewrap(std::size_t number, std::vector<Model>& stages);

  std::vector<ModelKey> keys_{};
  std::vector<bool> suspended_{};  // tenants
};

}  // namespace keyrite::test
