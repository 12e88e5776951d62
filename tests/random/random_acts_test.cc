// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Random acts at a token, which are killed between any two calls that write: after resume,
// registry, log and token agree, no state is illegal, no data key is lost, and what the model
// refuses was refused. Each seed is a test case of its own, so that they run side by side.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>

#include "random/acting_child.h"
#include "random/judge.h"
#include "random/model.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr std::size_t kMostSteps = 20;       // that one process does
constexpr std::uint64_t kMostWrites = 1200;  // and then ends at one of these calls that write
constexpr unsigned kTokenEvery = 10;         // a look into the token costs a process its own

// Of each seed: KEYRITE_RANDOM_STEPS, or what CI has time for.
std::size_t steps_of_seed() {
  constexpr std::size_t kUsualSteps = 250;
  const char* const wanted = std::getenv("KEYRITE_RANDOM_STEPS");  // NOLINT(concurrency-mt-unsafe)
  return wanted == nullptr ? kUsualSteps : std::strtoul(wanted, nullptr, 10);
}

class Play {
 public:
  explicit Play(unsigned seed) : random_(seed) {}

  [[nodiscard]] bool ready() const { return site_.room().token != nullptr; }

  void begin() {
    shop().must("mkdir -m 700 records");
    for (const char* tenant : {"tenant0", "tenant1"})
      (void)site_.must("tenant", {"add", tenant, "--operator", "olga@example.org"});
    for (const auto& key : model_.keys()) {
      (void)site_.must("key", {"add", key.name, "--tenant", "tenant" + std::to_string(key.tenant),
                               "--type", "aes-256", "--operator", "olga@example.org"});
    }
    REQUIRE(resumed_by_child(site_) == "done");
    judge_.emplace(site_);
    REQUIRE(judge_->looked(false) == model_.text());
  }

  void go_on() {
    std::vector<Step> steps;
    Model ahead = model_;
    for (std::size_t i = 0; i < 1 + random_() % kMostSteps; ++i) {
      steps.push_back(ahead.draw(random_));
      const auto outcome = ahead.expected(steps.back());
      if (outcome == "done" || steps.back().moves_what_it_can(outcome)) ahead.apply(steps.back());
    }
    const auto done = done_by_child(site_, model_, steps, 1 + random_() % kMostWrites, files_);
    files_ += steps.size();
    const auto ended = std::min(done.size(), steps.size());
    for (std::size_t i = 0; i < ended; ++i) follow(steps[i], done[i]);
    steps_ += ended;
    settle(ended < steps.size() ? &steps[ended] : nullptr);
  }

  [[nodiscard]] std::size_t steps() const { return steps_; }
  [[nodiscard]] std::size_t kills() const { return kills_; }
  [[nodiscard]] std::size_t refusals() const { return refusals_; }

 private:
  [[nodiscard]] const Workshop& shop() const { return site_.room().shop; }

  void follow(const Step& step, const std::string& outcome) {
    const auto expected = model_.expected(step);
    CAPTURE(step.text());
    CAPTURE(model_.text());
    REQUIRE(outcome == expected);
    if (expected != "done") ++refusals_;
    if (expected == "done" || step.moves_what_it_can(expected)) model_.apply(step);
  }

  // Of a step that was killed nothing is there, or all of it, or whole acts of it.
  void settle(const Step* killed) {
    if (killed != nullptr) ++kills_;
    REQUIRE(resumed_by_child(site_) == "done");
    const auto found = judge_->looked(++looks_ % kTokenEvery == 0);
    if (found == model_.text()) return;
    REQUIRE(killed != nullptr);
    CAPTURE(found);
    CAPTURE(killed->text());
    CAPTURE(model_.text());
    const auto stages = model_.stages(*killed);
    const auto stage = std::ranges::find(stages, found, &Model::text);
    REQUIRE(stage != stages.end());
    model_ = *stage;
  }

  SiteRoom site_{};
  std::optional<Judge> judge_{};
  std::mt19937 random_;
  Model model_{};
  std::uint64_t files_{0};
  std::size_t steps_{0};
  std::size_t kills_{0};
  std::size_t refusals_{0};
  unsigned looks_{0};
};

void play(unsigned seed) {
  CAPTURE(seed);
  Play play(seed);
  if (!play.ready()) return;
  play.begin();
  while (play.steps() < steps_of_seed()) play.go_on();
  // Most processes were killed, and there was something to refuse: else this tries nothing.
  CHECK(play.kills() > 5);
  CHECK(play.refusals() > 10);
}

TEST_CASE("Registry, log and token agree after random acts and kills: seed 1") { play(1); }
TEST_CASE("Registry, log and token agree after random acts and kills: seed 2") { play(2); }
TEST_CASE("Registry, log and token agree after random acts and kills: seed 3") { play(3); }
TEST_CASE("Registry, log and token agree after random acts and kills: seed 4") { play(4); }

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
