// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/next_step.h"

#include <doctest/doctest.h>

#include "rotation/requests.h"
#include "rotation/standing_text.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace rotation;
using registry::Time;

constexpr Time kToday{std::chrono::hours(24 * 20000)};
constexpr auto kDay = std::chrono::hours(24);

registry::Version version(std::int64_t number) { return {.id = {std::string(32, 'a'), number}}; }

Standing serving(Time due) {
  Standing standing{.active = version(1)};
  standing.tenant.name = "O'Neill";
  standing.key.name = "payments";
  standing.key.due = due;
  return standing;
}

TEST_CASE("A key that is not due is left alone, unless somebody asks for it") {
  const auto standing = serving(kToday + kDay);
  CHECK(next_step(standing, {}, kToday) == Step::kNothing);
  CHECK(next_step(standing, {}, kToday + kDay) == Step::kMake);
  CHECK(next_step(standing, {.asked = true}, kToday) == Step::kMake);
  auto without = standing;
  without.key.due.reset();
  CHECK(next_step(without, {}, kToday) == Step::kNothing);
  without.active.reset();
  CHECK(next_step(without, {}, kToday) == Step::kMake);
}

TEST_CASE("A rotation goes from step to step, and one run begins one rotation") {
  auto standing = serving(kToday);
  RunSoFar run{.asked = true};
  CHECK(next_step(standing, run, kToday) == Step::kMake);
  run.switched = true;
  standing.waiting = version(2);
  standing.unproven.push_back({});
  CHECK(next_step(standing, run, kToday) == Step::kWaitForClouds);
  standing.unproven.clear();
  CHECK(next_step(standing, run, kToday) == Step::kSwitch);
  standing.waiting.reset();
  standing.active = version(2);
  standing.left_here = 3;
  CHECK(next_step(standing, run, kToday) == Step::kRewrap);
  run.rewrapped_to = 2;
  standing.left_here = 0;
  CHECK(next_step(standing, run, kToday) == Step::kDone);
}

TEST_CASE("Where consumers have to move, the switch waits for the word of their owner") {
  auto standing = serving(kToday);
  standing.waiting = version(2);
  standing.moves_consumers = true;
  CHECK(next_step(standing, {}, kToday) == Step::kWaitForConsumers);
  CHECK(next_step(standing, {.consumers_ready = true}, kToday) == Step::kSwitch);
  standing.unproven.push_back({});
  CHECK(next_step(standing, {.consumers_ready = true}, kToday) == Step::kWaitForClouds);
}

TEST_CASE("No version is made on top of one that consumers at a cloud do not have yet") {
  auto standing = serving(kToday);
  Place place;
  place.destination = {.provider = "azure", .container = "acme.vault.azure.net", .name = "p"};
  place.before = registry::Placement{};
  place.placement = registry::Placement{.state = registry::PlacementState::kProven,
                                        .cloud_key = "https://acme.vault.azure.net/keys/check"};
  standing.places.push_back(place);
  CHECK(next_step(standing, {.asked = true}, kToday) == Step::kWaitForSwitch);
  CHECK(waits_json(standing).size() == 1);
  standing.places.front().placement->cloud_key = "https://acme.vault.azure.net/keys/p";
  CHECK(next_step(standing, {.asked = true}, kToday) == Step::kMake);
}

TEST_CASE("What an earlier run left is moved before another version is made") {
  auto standing = serving(kToday);
  standing.left_here = 1;
  CHECK(next_step(standing, {.asked = true}, kToday) == Step::kRewrap);
  // A record that cannot be moved does not hold the rotation up.
  CHECK(next_step(standing, {.asked = true, .rewrapped_to = 1}, kToday) == Step::kMake);
  // What moved to version 1 is moved again once version 2 is active.
  standing.active = version(2);
  CHECK(next_step(standing, {.switched = true, .rewrapped_to = 1}, kToday) == Step::kRewrap);
  standing.active.reset();
  CHECK(next_step(standing, {}, kToday) == Step::kMake);
}

TEST_CASE(
    "After a compromise data keys do not wait for the clouds, which follow the active version") {
  auto standing = serving(kToday + kDay);
  CHECK(next_step(standing, {.compromised = true, .marks = true}, kToday) ==
        Step::kMarkCompromised);
  standing.active.reset();
  standing.ahead = true;
  RunSoFar run{.compromised = true};
  CHECK(next_step(standing, run, kToday) == Step::kMake);
  run.switched = true;
  standing.waiting = version(2);
  standing.unproven.push_back({});
  CHECK(next_step(standing, run, kToday) == Step::kSwitch);
  standing.moves_consumers = true;
  CHECK(next_step(standing, run, kToday) == Step::kWaitForConsumers);
  standing.moves_consumers = false;
  standing.waiting.reset();
  standing.active = version(2);
  standing.ahead = false;
  standing.catching_up = true;
  standing.left_here = 2;
  CHECK(next_step(standing, run, kToday) == Step::kRewrap);
  run.rewrapped_to = 2;
  CHECK(next_step(standing, run, kToday) == Step::kWaitForClouds);
  CHECK(next_step(standing, {.asked = true, .rewrapped_to = 2}, kToday) == Step::kMake);
  standing.unproven.clear();
  CHECK(next_step(standing, {.rewrapped_to = 2}, kToday) == Step::kDone);
  standing.left_here = 0;
  CHECK(next_step(standing, {.compromised = true}, kToday) == Step::kDone);
  CHECK(next_step(standing, {}, kToday) == Step::kNothing);
}

TEST_CASE("A name that somebody else chose is one word of the command that is shown") {
  auto standing = serving(kToday);
  standing.waiting = version(2);
  keys::UnprovenPlace place;
  place.destination.provider = "aws";
  place.destination.name = "alias/x; rm -rf ~";
  place.state = registry::PlacementState::kImported;
  standing.unproven.push_back(place);
  const auto told = waits_json(standing).at(0).at("do").get<std::string>();
  CHECK(told.find(
            "--tenant 'O'\\''Neill' --key payments --provider aws --destination 'alias/x; rm -rf "
            "~' ") != std::string::npos);
  standing.unproven.front().state = registry::PlacementState::kDifferent;
  CHECK(waits_lines(standing).at(0) == "  aws \"alias/x; rm -rf ~\": different");
}

TEST_CASE("A command says which keys, in one way") {
  const auto code = [](const RotateRequest& request) {
    return failure_of([&] { require_sense(request); }).code;
  };
  CHECK(code({}) == "rotate-what");
  CHECK(code({.tenant = "Acme"}) == "rotate-what");
  CHECK(code({.tenant = "Acme", .key = "k", .due = true}) == "rotate-what");
  CHECK(code({.due = true, .force = true}) == "rotate-what");
  CHECK(code({.due = true, .limit = 0}) == "rotate-range");
  CHECK(code({.due = true, .within = 3651}) == "rotate-range");
  CHECK(code({.tenant = "Acme", .key = "k", .force = true}) == "no error");
  CHECK(code({.status = true}) == "no error");
  CHECK(code({.tenant = "Acme", .key = "k", .compromised = true, .version = 1, .reason = "r"}) ==
        "no error");
  CHECK(code({.tenant = "Acme", .key = "k", .compromised = true, .version = 1}) == "rotate-what");
  CHECK(code({.tenant = "Acme", .key = "k", .version = 1}) == "rotate-what");
  CHECK(code({.due = true, .compromised = true, .version = 1, .reason = "r"}) == "rotate-what");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
