// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which keys a run takes up, and what it knows of the version before, as a registry has it.
#include "rotation/standing.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <vector>

#include "registry/scene.h"
#include "rotation/internal/compromise.h"
#include "rotation/internal/switch_over.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;
using rotation::Place;

struct Rotated {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};
  std::string tenant{scene.tenant("Acme")};
  std::string key{scene.key(tenant)};
  std::string destination{scene.destination(key)};

  // The version gets there in these states.
  void place(std::int64_t number, const std::vector<PlacementState>& states) {
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.add({.id = {destination, number}, .key = key, .state = states.front()},
                            mark);
    });
    for (std::size_t at = 1; at < states.size(); ++at) move(number, states[at]);
  }
  void move(std::int64_t number, PlacementState to) {
    scene.act([&](Stores& stores, const Mark& mark) {
      const auto found = stores.placements.find({destination, number}).value();
      const bool ends = to == PlacementState::kDeletionScheduled;
      stores.placements.move(found.id, to, found.revision, mark,
                             {.basis = Basis::kCryptographic,
                              .until = ends ? std::optional(at_day(20010)) : std::nullopt});
    });
  }
  void identify(std::int64_t number, const std::string& cloud_key) {
    scene.act([&](Stores& stores, const Mark& /*mark*/) {
      auto placement = stores.placements.find({destination, number}).value();
      placement.cloud_key = cloud_key;
      stores.placements.identify(placement);
    });
  }
  [[nodiscard]] Place place_of(std::int64_t number) {
    const View view = scene.registry().read();
    return rotation::places_of(*view.operator->(), {key, number}).at(0);
  }
  [[nodiscard]] bool is_under_way() {
    const View view = scene.registry().read();
    return rotation::is_under_way(*view.operator->(), *view->keys.find(key));
  }
  [[nodiscard]] bool is_taken() {
    const View view = scene.registry().read();
    return !rotation::keys_to_rotate(*view.operator->(), at_day(20000), 9).empty();
  }
};

TEST_CASE("A version that may be at the cloud is one before, whatever was answered of it") {
  using enum PlacementState;
  for (const auto& states :
       std::vector<std::vector<PlacementState>>{{kWrapped},
                                                {kWrapped, kImported, kDifferent},
                                                {kWrapped, kImported, kProven},
                                                {kWrapped, kImported, kDeletionScheduled}}) {
    Rotated site;
    site.scene.active(site.key);
    site.place(1, states);
    site.scene.waiting(site.key);
    const auto place = site.place_of(2);
    REQUIRE(place.before);
    CHECK(place.before->state == states.back());
    CHECK(rotation::has_version_before(place) == (states.back() == kProven));
    CHECK_FALSE(site.place_of(1).before);
  }
  Rotated site;
  site.scene.active(site.key);
  site.place(1, {kWrapped, kWithdrawn});
  site.scene.waiting(site.key);
  CHECK_FALSE(site.place_of(2).before);
}

TEST_CASE("What the cloud is known to have goes before what it may have") {
  using enum PlacementState;
  Rotated site;
  const auto first = site.scene.active(site.key);
  site.place(1, {kWrapped, kImported, kProven});
  const auto second = site.scene.waiting(site.key);
  site.place(2, {kWrapped});
  site.scene.move(first, VersionState::kDeactivated);
  site.scene.move(second, VersionState::kActive);
  site.scene.waiting(site.key);
  CHECK(site.place_of(3).before->id.number == 1);
}

TEST_CASE("A rotation is under way while a cloud holds another key than the active version") {
  using enum PlacementState;
  Rotated site;
  site.scene.active(site.key);
  site.place(1, {kWrapped, kImported, kProven});
  CHECK_FALSE(site.is_under_way());
  CHECK_FALSE(site.is_taken());
  site.move(1, kDifferent);
  CHECK(site.is_under_way());
  CHECK(site.is_taken());
}

TEST_CASE("A rotation is under way while data keys are here under an earlier version") {
  using enum VersionState;
  Rotated site;
  const auto first = site.scene.active(site.key);
  const auto kept = site.scene.stored_dek(site.tenant, first);
  CHECK_FALSE(site.is_under_way());
  site.scene.move(first, kDeactivated);
  // None is active that they could be moved to.
  CHECK_FALSE(site.is_under_way());
  const auto second = site.scene.waiting(site.key);
  site.scene.move(second, kActive);
  CHECK(site.is_under_way());
  CHECK(site.is_taken());
  {
    const View view = site.scene.registry().read();
    CHECK(view->deks.keys_with_left() == std::vector<std::string>{site.key});
    CHECK(view->deks.has_left(site.key));
    CHECK_FALSE(view->deks.has_left(site.tenant));
  }
  site.scene.file(
      [&](Stores& stores, const std::string& batch) { stores.deks.mark_gone(kept.id, 1, batch); });
  CHECK_FALSE(site.is_under_way());
  CHECK_FALSE(site.is_taken());
}

TEST_CASE("A rotation is under way while destinations have not got what follows a compromise") {
  using enum PlacementState;
  Rotated site;
  const auto first = site.scene.active(site.key);
  site.place(1, {kWrapped, kImported, kProven});
  const auto second = site.scene.waiting(site.key);
  site.scene.move(first, VersionState::kCompromised);
  site.scene.move(second, VersionState::kActive);
  CHECK(site.is_under_way());
  site.place(2, {kWrapped, kImported, kProven});
  CHECK_FALSE(site.is_under_way());
  // In one KMS key with a version that is compromised it stays under way.
  site.identify(1, "arn:one");
  site.identify(2, "arn:two");
  CHECK_FALSE(site.place_of(2).opens_compromised);
  CHECK(site.place_of(2).before_opens_compromised);
  CHECK_FALSE(site.is_under_way());
  site.identify(2, "arn:one");
  CHECK(site.place_of(2).opens_compromised);
  CHECK(site.is_under_way());
  const View view = site.scene.registry().read();
  CHECK(rotation::compromised_places(*view.operator->(), site.key).size() == 1);
}

TEST_CASE("What may leak is what is there, whatever its state, and nothing that is frozen") {
  using enum VersionState;
  Rotated site;
  const auto version = site.scene.waiting(site.key);
  const auto code = [&](std::int64_t number) {
    return failure_of([&] {
             const View view = site.scene.registry().read();
             (void)rotation::require_compromisable(*view.operator->(), {site.key, number});
           })
        .code;
  };
  CHECK(code(7) == "version-unknown");
  for (const auto state : {kActive, kSuspended, kDeactivated, kCompromised}) {
    CHECK(code(1) == "no error");
    site.scene.move(version, state);
  }
  CHECK(code(1) == "no error");
  site.scene.move(version, kDestroyed);
  CHECK(code(1) == "transition-illegal");
  const auto next = site.scene.waiting(site.key);
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.versions.freeze(next, stores.versions.find(next)->revision, mark.entry);
  });
  CHECK(code(2) == "version-frozen");
}

TEST_CASE("The next version goes ahead after the newest one before it, if that was decided") {
  using enum VersionState;
  Rotated site;
  const auto first = site.scene.active(site.key);
  const auto ahead = [&](const std::set<VersionId>& decided) {
    const View view = site.scene.registry().read();
    rotation::Standing standing{.key = *view->keys.find(site.key),
                                .active = view->versions.active(site.key),
                                .waiting = view->versions.waiting(site.key)};
    return rotation::goes_ahead(*view.operator->(), standing, decided);
  };
  CHECK_FALSE(ahead({first}));
  site.scene.move(first, kCompromised);
  CHECK(ahead({first}));
  CHECK_FALSE(ahead({}));
  const auto second = site.scene.waiting(site.key);
  CHECK(ahead({first}));
  site.scene.move(second, kActive);
  CHECK_FALSE(ahead({first}));
  site.scene.move(second, kSuspended);
  site.scene.waiting(site.key);
  CHECK_FALSE(ahead({first}));  // nobody said that version 2 leaked
}

TEST_CASE("A key of which no version is active is taken, unless somebody decided that") {
  using enum VersionState;
  Rotated site;
  CHECK(site.is_taken());
  CHECK_FALSE(site.is_under_way());
  const auto first = site.scene.waiting(site.key);
  CHECK(site.is_under_way());
  CHECK(site.is_taken());
  site.scene.move(first, kActive);
  CHECK_FALSE(site.is_taken());
  site.scene.move(first, kSuspended);
  CHECK_FALSE(site.is_taken());
  CHECK_FALSE(site.is_under_way());
  site.scene.move(first, kCompromised);
  CHECK(site.is_taken());
  CHECK(site.is_under_way());  // a run that was killed made no next version yet
  site.scene.move(first, kDestroyed);
  CHECK_FALSE(site.is_taken());
}

TEST_CASE("No script switches a cloud to what is not known to be the active version") {
  using enum PlacementState;
  const Workshop shop;
  constexpr const char* kArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  constexpr const char* kOtherId = "0000abcd";
  const auto scripts = [&](PlacementState state, const char* before) {
    rotation::KeyRun run;
    run.standing.key = {.id = id_of(7), .type = "aes-256", .usage = Usage::kWrap};
    run.standing.active = Version{.id = {id_of(7), 2}};
    Place place;
    place.destination = {.id = id_of(8),
                         .provider = "aws",
                         .account = "111122223333",
                         .name = "alias/payments",
                         .region = "eu-central-1",
                         .algorithm = "rsa-oaep-sha256",
                         .options = R"({"wrapping-algorithm":"RSAES_OAEP_SHA_256"})"};
    place.before = Placement{.state = kProven, .cloud_key = before};
    place.placement =
        Placement{.id = {id_of(8), 2}, .state = state, .cloud_key = kArn, .cloud_version = "m2"};
    run.standing.places.push_back(place);
    const auto out = (shop.folder() / word(state) / before).string();
    (void)shop.must("mkdir -p " + (shop.folder() / word(state)).string());
    rotation::write_switch({.output = out}, run);
    return run.switching.size();
  };
  for (const auto state : {kWrapped, kImported, kDifferent, kDisabled}) {
    CHECK(scripts(state, kOtherId) == 0);
    CHECK(scripts(state, "1234abcd") == 0);
  }
  CHECK(scripts(kProven, kOtherId) == 1);
  CHECK(scripts(kAccepted, kOtherId) == 1);
  CHECK(scripts(kAccepted, "1234abcd") == 1);
  // AWS proves of a KMS key what it uses: this one has rotated.
  CHECK(scripts(kProven, "1234abcd") == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
