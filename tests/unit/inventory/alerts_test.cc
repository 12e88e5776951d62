// What is wrong: each rule of keyrite inventory alerts at its edge.
#include "inventory/alerts.h"

#include <doctest/doctest.h>

#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;
using inventory::AlertWhat;
using inventory::unwrap_peaks;

constexpr std::int64_t kNow = 500000;
constexpr std::int64_t kWeek = 7 * 24;

// An hour a day for four weeks, each with `unwraps`.
std::vector<UnwrapCount> steady(std::int64_t unwraps) {
  std::vector<UnwrapCount> counts;
  for (std::int64_t day = 28; day > 1; --day) counts.push_back({kNow - day * 24, unwraps});
  return counts;
}

TEST_CASE("An hour with more than three times the busiest hour before is a peak") {
  auto counts = steady(50);
  counts.push_back({kNow - 3, 150});
  CHECK(unwrap_peaks(counts, kNow).empty());
  counts.back().unwraps = 151;
  const auto peaks = unwrap_peaks(counts, kNow);
  REQUIRE(peaks.size() == 1);
  CHECK(peaks[0].hour.hour == kNow - 3);
  CHECK(peaks[0].busiest == 50);
}

TEST_CASE("A hundred unwraps in an hour are no peak, however quiet it was before") {
  auto counts = steady(1);
  counts.push_back({kNow, 100});
  CHECK(unwrap_peaks(counts, kNow).empty());
  counts.back().unwraps = 101;
  CHECK(unwrap_peaks(counts, kNow).size() == 1);
}

TEST_CASE("The last 24 hours are judged by those before them, not by each other") {
  auto counts = steady(50);
  counts.push_back({kNow - 23, 1000});
  counts.push_back({kNow, 1000});
  CHECK(unwrap_peaks(counts, kNow).size() == 2);
  // What happened yesterday at this hour is history.
  counts = steady(50);
  counts.push_back({kNow - 24, 1000});
  counts.push_back({kNow, 1000});
  CHECK(unwrap_peaks(counts, kNow).empty());
}

TEST_CASE("A tenant of less than a week is not judged, nor by what is older than four weeks") {
  const std::int64_t judged = kNow - 23;
  CHECK(unwrap_peaks({{judged - kWeek + 1, 1}, {kNow, 100000}}, kNow).empty());
  CHECK(unwrap_peaks({{judged - kWeek, 1}, {kNow, 100000}}, kNow).size() == 1);
  CHECK(unwrap_peaks({{judged - 4 * kWeek - 1, 1}, {kNow, 100000}}, kNow).empty());
  CHECK(unwrap_peaks({}, kNow).empty());
  // A number that somebody wrote by hand.
  CHECK(unwrap_peaks({{judged - kWeek, INT64_MAX}, {kNow, INT64_MAX}}, kNow).empty());
}

struct Alerted {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};

  [[nodiscard]] std::string words(Time now) {
    const View view = scene.registry().read();
    std::string text;
    for (const auto& alert : inventory::alerts_in(*view.operator->(), now))
      text += std::string(inventory::alert_word(alert.what)) + " ";
    return text;
  }
};

TEST_CASE("An acceptance past its end is an alert, one that still holds is none") {
  Alerted site;
  const std::string key = site.scene.key(site.scene.tenant("Acme"));
  const VersionId version = site.scene.active(key);
  const PlacementId place{site.scene.destination(key), 1};
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = place, .key = key, .state = PlacementState::kWrapped}, mark);
  });
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kImported, 1, mark);
    stores.placements.move(place, PlacementState::kAccepted, 2, mark,
                           {.basis = Basis::kOfficer, .until = at_day(20030)});
  });
  CHECK(site.words(at_day(20029)).empty());
  CHECK(site.words(at_day(20030)) == "acceptance-over ");
  CHECK(version.number == 1);
}

TEST_CASE("A cloud that still serves a destroyed version is an alert") {
  Alerted site;
  const std::string key = site.scene.key(site.scene.tenant("Acme"));
  const VersionId version = site.scene.active(key);
  const PlacementId place{site.scene.destination(key), 1};
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = place, .key = key, .state = PlacementState::kWrapped}, mark);
  });
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kImported, 1, mark);
  });
  site.scene.move(version, VersionState::kDeactivated);
  site.scene.move(version, VersionState::kDestroyed);
  CHECK(site.words(at_day(20001)) == "destroyed-found ");
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kDeletionScheduled, 2, mark,
                           {.until = at_day(20010)});
  });
  CHECK(site.words(at_day(20001)).empty());
}

TEST_CASE("A cloud with another key than the version that is active there is an alert") {
  Alerted site;
  const std::string key = site.scene.key(site.scene.tenant("Acme"));
  const VersionId version = site.scene.active(key);
  const PlacementId place{site.scene.destination(key), 1};
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = place, .key = key, .state = PlacementState::kWrapped}, mark);
  });
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kImported, 1, mark);
  });
  CHECK(site.words(at_day(20001)).empty());
  site.scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kDifferent, 2, mark);
  });
  CHECK(site.words(at_day(20001)) == "cloud-key-different ");
  // Nobody is to use it any more.
  site.scene.move(version, VersionState::kDeactivated);
  CHECK(site.words(at_day(20001)).empty());
}

TEST_CASE("Unwraps are judged by tenant") {
  Alerted site;
  const std::string acme = site.scene.tenant("Acme");
  const std::string borealis = site.scene.tenant("Borealis");
  const Time now = at_day(20100);
  const std::int64_t hour = 20100 * 24;
  site.scene.act([&](Stores& stores, const Mark& /*mark*/) {
    for (const auto& tenant : {acme, borealis})
      stores.deks.count_unwraps(tenant, hour - 20 * 24, tenant == acme ? 10 : 1000);
    stores.deks.count_unwraps(acme, hour, 900);
    stores.deks.count_unwraps(borealis, hour, 900);
  });
  const View view = site.scene.registry().read();
  const auto alerts = inventory::alerts_in(*view.operator->(), now);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].tenant == "Acme");
  CHECK(alerts[0].detail ==
        "900 unwraps in the hour from 2025-01-12T00:00:00Z; the busiest hour before had 10");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
