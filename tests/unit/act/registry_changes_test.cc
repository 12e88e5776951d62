// What an entry tells of versions, copies and placements, taken over by a registry: once, again,
// and by one that lacks what it is about.
#include "act/registry_changes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "act/change_facts.h"
#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using act::Fact;
using registry::CopyState;
using registry::Mark;
using registry::PlacementState;
using registry::Stores;
using registry::VersionId;
using registry::VersionState;

constexpr const char* kEvidence =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Place {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<registry::Registry>(path); }};
  std::string key{scene.key(scene.tenant("acme"))};
  VersionId first{key, 1};

  // As an entry of its own; returns how many changes were passed over.
  std::size_t take(const std::vector<Fact>& list) {
    std::size_t passed = 0;
    scene.act([&](Stores& stores, const Mark& mark) { passed = take(list, stores, mark); });
    return passed;
  }
  static std::size_t take(const std::vector<Fact>& list, Stores& stores, const Mark& mark) {
    std::size_t passed = 0;
    for (const auto& one : list) {
      if (!act::take_change(stores, one.json(), mark)) ++passed;
    }
    return passed;
  }
};

pkcs11::TokenInfo token() {
  pkcs11::TokenInfo info;
  info.serial = "4711";
  return info;
}

registry::Version made(const VersionId& id, const char* cka_id = "0a0b") {
  return {.id = id,
          .cka_id = from_hex(cka_id),
          .public_key_sha256 = kEvidence,
          .origin = KeyOrigin::kLogged};
}

std::vector<Fact> making(const VersionId& id, const std::string& copy) {
  return {act::new_version(made(id), {{"aes-ecb-zero", "0011aa"}}),
          act::new_copy({.id = copy,
                         .version = id,
                         .form = registry::CopyForm::kToken,
                         .cka_id = from_hex("0a0b"),
                         .state = CopyState::kPresent},
                        token())};
}

TEST_CASE("A version and its copy are what the entry says") {
  Place place;
  CHECK(place.take(making(place.first, id_of(90))) == 0);
  const auto view = place.scene.registry().read();
  const auto version = view->versions.find(place.first);
  REQUIRE(version);
  CHECK(version->state == VersionState::kPreActivation);
  CHECK(version->cka_id == from_hex("0a0b"));
  CHECK(version->origin == KeyOrigin::kLogged);
  CHECK(version->public_key_sha256 == kEvidence);
  CHECK(view->versions.check_values(place.first) ==
        std::vector<registry::CheckValue>{{"aes-ecb-zero", "0011aa"}});
  const auto copy = view->copies.on_token("4711", "", from_hex("0a0b"));
  REQUIRE(copy);
  CHECK(copy->id == id_of(90));
  CHECK(copy->state == CopyState::kPresent);
}

TEST_CASE("An entry that is taken over again changes nothing, nor does one that others followed") {
  Place place;
  const std::string destination = place.scene.destination(place.key);
  const auto wrapped = making(place.first, id_of(90));
  place.scene.act([&](Stores& stores, const Mark& mark) {
    for (int time = 0; time < 2; ++time) CHECK(Place::take(wrapped, stores, mark) == 0);
  });
  Mark activation;
  const std::vector<Fact> active{act::moved(place.first, VersionState::kActive)};
  const std::vector<Fact> placed{
      act::placed({.id = {destination, 1}, .key = place.key, .state = PlacementState::kWrapped})};
  place.scene.act([&](Stores& stores, const Mark& mark) {
    CHECK(Place::take(active, stores, mark) == 0);
    CHECK(Place::take(placed, stores, mark) == 0);
    activation = mark;
  });
  CHECK(place.take({act::moved(place.first, VersionState::kSuspended),
                    act::moved(id_of(90), CopyState::kMissing),
                    act::placed({.id = {destination, 1},
                                 .key = place.key,
                                 .state = PlacementState::kImported})}) == 0);
  place.scene.act([&](Stores& stores, const Mark& /*mark*/) {
    CHECK(Place::take(active, stores, activation) == 0);
    CHECK(Place::take(placed, stores, activation) == 0);
  });
  const auto view = place.scene.registry().read();
  CHECK(view->versions.find(place.first)->state == VersionState::kSuspended);
  CHECK(view->versions.events(place.first).size() == 3);
  CHECK(view->copies.find(id_of(90))->state == CopyState::kMissing);
  CHECK(view->placements.events({destination, 1}).size() == 2);
}

TEST_CASE("A bundle is a copy, and its placement has the verdict with basis and evidence") {
  Place place;
  const std::string destination = place.scene.destination(place.key);
  place.take(making(place.first, id_of(90)));
  const registry::Placement at{
      .id = {destination, 1}, .key = place.key, .state = PlacementState::kWrapped};
  std::string pseudonym;
  place.scene.file([&](Stores& stores, const std::string& /*batch*/) {
    pseudonym = stores.names.pseudonym_of("arn:aws:kms:eu-west-1:1:key/2", id_of(91));
  });
  CHECK(place.take({act::new_copy({.id = id_of(92),
                                   .version = place.first,
                                   .form = registry::CopyForm::kBundle,
                                   .sha256 = kEvidence,
                                   .state = CopyState::kGivenAway}),
                    act::placed(at, {}, {.key = pseudonym})}) == 0);
  auto proven = at;
  proven.state = PlacementState::kImported;
  CHECK(place.take({act::placed(proven)}) == 0);
  proven.state = PlacementState::kProven;
  CHECK(place.take({act::placed(proven, {.basis = registry::Basis::kCryptographic,
                                         .evidence_sha256 = kEvidence})}) == 0);
  const auto view = place.scene.registry().read();
  CHECK(view->copies.of_file(kEvidence)->version == place.first);
  CHECK(view->placements.find(at.id)->state == PlacementState::kProven);
  CHECK(view->placements.find(at.id)->cloud_key == "arn:aws:kms:eu-west-1:1:key/2");
  const auto events = view->placements.events(at.id);
  CHECK(events.back().basis == registry::Basis::kCryptographic);
  CHECK(events.back().evidence_sha256 == kEvidence);
}

TEST_CASE("What the registry does not have is passed over") {
  Place place;
  const VersionId unknown{id_of(99), 1};
  CHECK(place.take(making(unknown, id_of(90))) == 2);
  CHECK(place.take({act::moved(place.first, VersionState::kActive),
                    act::moved(id_of(90), CopyState::kMissing),
                    act::placed({.id = {id_of(98), 1},
                                 .key = place.key,
                                 .state = PlacementState::kWrapped})}) == 3);
}

TEST_CASE("Another key under the number, or another number, is refused") {
  Place place;
  place.take(making(place.first, id_of(90)));
  CHECK(failure_of([&] { place.take({act::new_version(made(place.first, "0c0d"), {})}); }).code ==
        "registry-change-differs");
  place.take({act::moved(place.first, VersionState::kActive)});
  CHECK(failure_of([&] {
          place.take({act::new_version(made({place.key, 3}), {})});
        }).code == "registry-change-differs");
}

TEST_CASE(
    "A kind or a state that this keyrite does not know is refused, before it is written too") {
  Place place;
  place.take(making(place.first, id_of(90)));
  const Json kind{{"sibling", {{"id", id_of(1)}}}};
  const Json state{{"version", {{"key", place.key}, {"number", 1}, {"state", "asleep"}}}};
  for (const auto& change : {kind, state, Json("version")}) {
    CHECK(failure_of([&] {
            place.scene.act([&](Stores& stores, const Mark& mark) {
              (void)act::take_change(stores, change, mark);
            });
          }).code == "registry-change-unknown");
  }
  CHECK(failure_of([&] {
          act::require_known_changes({{"changes", Json::array({kind})}});
        }).code == "registry-change-unknown");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
