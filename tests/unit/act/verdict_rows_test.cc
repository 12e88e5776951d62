// What the verdict of verify-import makes of a placement.
#include "imports/verdict_rows.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "act/change_facts.h"
#include "act/registry_changes.h"
#include "imports/placement_rows.h"
#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using imports::states_after;
using provider::Verdict;
using registry::PlacementState;
using registry::Stores;

constexpr const char* kArn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";

// A version that was wrapped for one destination, with its bundle on record.
struct Place {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<registry::Registry>(path); }};
  std::string key{scene.key(scene.tenant("acme"))};
  std::string destination{scene.destination(key)};
  registry::PlacementId id{destination, 1};

  Place() {
    const auto version = scene.waiting(key);
    scene.act([&](Stores& stores, const registry::Mark& mark) {
      stores.copies.add({.id = scene.fresh(),
                         .version = version,
                         .form = registry::CopyForm::kBundle,
                         .sha256 = leaf_of(7),
                         .state = registry::CopyState::kGivenAway},
                        mark);
      stores.placements.add(
          {.id = id, .key = key, .state = PlacementState::kWrapped, .cloud_key = kArn}, mark);
    });
  }
  // As verify-import does it; false: nothing was recorded.
  bool judge(const imports::AnswersReport& report) {
    std::optional<imports::RecordedVerdict> recorded;
    {
      const auto view = scene.registry().read();
      recorded = imports::recorded_verdict(*view.operator->(), report);
    }
    const auto rows = recorded ? imports::rows_of(*recorded, report) : std::nullopt;
    if (!rows) return false;
    act::LogFacts told;
    scene.file([&](Stores& stores, const std::string& /*batch*/) { told = rows->write(stores); });
    scene.act([&](Stores& stores, const registry::Mark& mark) {
      for (const auto& change : told.json().at("changes"))
        CHECK(act::take_change(stores, change, mark));
    });
    return true;
  }
};

imports::AnswersReport report_of(Verdict verdict) {
  imports::AnswersReport report;
  report.bundle.manifest_sha256 = leaf_of(7);
  report.bundle.manifest.cloud.key = kArn;
  report.judgement.verdict = verdict;
  if (verdict != Verdict::kConsistentNotProven)
    report.judgement.basis = provider::Basis::kCryptographic;
  report.answers_sha256 = {leaf_of(1), leaf_of(2)};
  return report;
}

TEST_CASE("A proof leads to proven, with its basis and the SHA-256 of the evidence, once") {
  Place place;
  const auto report = report_of(Verdict::kProven);
  CHECK(place.judge(report));
  CHECK_FALSE(place.judge(report));
  const auto view = place.scene.registry().read();
  CHECK(view->placements.find(place.id)->state == PlacementState::kProven);
  const auto events = view->placements.events(place.id);
  REQUIRE(events.size() == 3);
  CHECK(events[1].to == "imported");
  CHECK(events[2].basis == registry::Basis::kCryptographic);
  // Of ["HEX","HEX"], by sha256sum.
  place.shop.put("list", as_bytes("[\"" + leaf_of(1) + "\",\"" + leaf_of(2) + "\"]"));
  place.shop.must("test \"$(sha256sum < list | cut -c1-64)\" = " + *events[2].evidence_sha256);
}

TEST_CASE("Another key makes it different, an answer that proves nothing makes it imported") {
  Place other;
  CHECK(other.judge(report_of(Verdict::kDifferent)));
  Place open;
  CHECK(open.judge(report_of(Verdict::kConsistentNotProven)));
  CHECK(open.judge(report_of(Verdict::kProven)));
  const auto first = other.scene.registry().read();
  CHECK(first->placements.find(other.id)->state == PlacementState::kDifferent);
  const auto second = open.scene.registry().read();
  CHECK(second->placements.find(open.id)->state == PlacementState::kProven);
}

// The second destination's alias leads to the same KMS key, which it has by its id.
registry::PlacementId place_also(Place& place, const char* cloud_key) {
  const registry::PlacementId also{place.scene.destination(place.key, "alias/second"), 1};
  place.scene.act([&](Stores& stores, const registry::Mark& mark) {
    stores.placements.add(
        {.id = also, .key = place.key, .state = PlacementState::kWrapped, .cloud_key = cloud_key},
        mark);
  });
  return also;
}

TEST_CASE("Where two destinations have one KMS key, a verdict is recorded at both") {
  Place place;
  const auto also = place_also(place, "1234abcd");
  const auto recorded = [&] {
    const auto view = place.scene.registry().read();
    return imports::recorded_verdict(*view.operator->(), report_of(Verdict::kProven));
  };
  REQUIRE(recorded());
  CHECK(recorded()->also.size() == 1);
  CHECK(imports::to_json(*recorded())["also"].size() == 1);
  CHECK(imports::text_of(*recorded()).find("the same key of the cloud") != std::string::npos);
  CHECK(place.judge(report_of(Verdict::kProven)));
  CHECK_FALSE(place.judge(report_of(Verdict::kProven)));
  const auto view = place.scene.registry().read();
  CHECK(view->placements.find(place.id)->state == PlacementState::kProven);
  CHECK(view->placements.find(also)->state == PlacementState::kProven);
}

TEST_CASE("A verdict of one KMS key says nothing of another one") {
  Place place;
  const auto also = place_also(place, "0000abcd");
  CHECK(place.judge(report_of(Verdict::kProven)));
  const auto view = place.scene.registry().read();
  CHECK(view->placements.find(place.id)->state == PlacementState::kProven);
  CHECK(view->placements.find(also)->state == PlacementState::kWrapped);
}

TEST_CASE("The cloud's version is the one that the answers name, unless another placement has it") {
  Place place;
  auto report = report_of(Verdict::kConsistentNotProven);
  report.judgement.version = "material-1";
  CHECK(place.judge(report));
  CHECK(place.scene.registry().read()->placements.find(place.id)->cloud_version == "material-1");
  // The next version, and answers that name the material of the first.
  place.scene.act([&](Stores& stores, const registry::Mark& mark) {
    stores.versions.move({place.key, 1}, registry::VersionState::kActive, 1, mark);
  });
  const auto second = place.scene.waiting(place.key);
  place.scene.act([&](Stores& stores, const registry::Mark& mark) {
    stores.copies.add({.id = place.scene.fresh(),
                       .version = second,
                       .form = registry::CopyForm::kBundle,
                       .sha256 = leaf_of(8),
                       .state = registry::CopyState::kGivenAway},
                      mark);
    stores.placements.add({.id = {place.destination, 2},
                           .key = place.key,
                           .state = PlacementState::kWrapped,
                           .cloud_key = kArn},
                          mark);
  });
  report.bundle.manifest_sha256 = leaf_of(8);
  CHECK(place.judge(report));
  const auto view = place.scene.registry().read();
  const auto placed = view->placements.find({place.destination, 2});
  CHECK(placed->state == PlacementState::kImported);
  CHECK_FALSE(placed->cloud_version);
}

TEST_CASE("Each step to a bundle that waits is legal, whatever the placement's state") {
  CHECK(imports::states_to_wrapped(std::nullopt).back() == PlacementState::kWrapped);
  for (std::size_t i = 1; i < registry::WordTable<PlacementState>::words.size(); ++i) {
    auto from = static_cast<PlacementState>(i);
    for (const auto to : imports::states_to_wrapped(registry::Placement{.state = from})) {
      CAPTURE(registry::word(from));
      CHECK(registry::is_legal(registry::Subject::kPlacement, registry::word(from),
                               registry::word(to)));
      from = to;
    }
  }
}

TEST_CASE("A bundle or a cloud key that is not on record changes nothing") {
  Place place;
  auto report = report_of(Verdict::kProven);
  report.bundle.manifest_sha256 = leaf_of(8);
  CHECK_FALSE(place.judge(report));
  report = report_of(Verdict::kProven);
  report.bundle.manifest.cloud.key = "arn:aws:kms:eu-west-1:111122223333:key/other";
  CHECK_FALSE(place.judge(report));
}

TEST_CASE("Each step that a verdict makes is legal, whatever the placement's state") {
  for (std::size_t i = 0; i < registry::WordTable<PlacementState>::words.size(); ++i) {
    for (const auto verdict :
         {Verdict::kProven, Verdict::kDifferent, Verdict::kConsistentNotProven}) {
      auto from = static_cast<PlacementState>(i);
      for (const auto to : states_after(from, verdict)) {
        CAPTURE(registry::word(from));
        CHECK(registry::is_legal(registry::Subject::kPlacement, registry::word(from),
                                 registry::word(to)));
        from = to;
      }
    }
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
