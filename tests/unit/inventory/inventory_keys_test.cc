// What list shows of keys: the table fits a terminal whatever they are called, and no key is taken
// for another.
#include "inventory/inventory_keys.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "inventory/inventory.h"
#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;
using inventory::HeldKey;

struct Stocked {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};

  [[nodiscard]] std::vector<HeldKey> keys() {
    const View view = scene.registry().read();
    return inventory::held_keys(*view.operator->(), std::nullopt);
  }
  // Places a version and proves it.
  void prove(const std::string& destination, const VersionId& id, PlacementState verdict) {
    const PlacementId placement{destination, id.number};
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.add({.id = placement, .key = id.key, .state = PlacementState::kWrapped},
                            mark);
    });
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.move(placement, PlacementState::kImported, 1, mark);
    });
    const bool accepted = verdict == PlacementState::kAccepted;
    PlacementFacts facts{.basis = accepted ? Basis::kOfficer : Basis::kCryptographic};
    if (accepted) facts.until = at_day(20100);
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.move(placement, verdict, 2, mark, facts);
    });
  }
};

std::size_t widest(const std::string& text) {
  std::size_t width = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) width = std::max(width, line.size());
  return width;
}

StateEvent event(const char* to, std::optional<Basis> basis = {}) {
  StateEvent made;
  made.to = to;
  made.basis = basis;
  return made;
}

TEST_CASE("A placement's proof is the last one since it was imported") {
  using inventory::verdict_of;
  CHECK_FALSE(verdict_of({}));
  CHECK_FALSE(verdict_of({event("wrapped"), event("imported")}));
  const auto proven = verdict_of(
      {event("wrapped"), event("imported"), event("proven", Basis::kStatement), event("serving")});
  REQUIRE(proven);
  CHECK(proven->basis == Basis::kStatement);
  CHECK_FALSE(verdict_of({event("imported"), event("proven", Basis::kStatement), event("serving"),
                          event("imported")}));
  CHECK_FALSE(
      verdict_of({event("imported"), event("accepted", Basis::kOfficer), event("different")}));
}

TEST_CASE("States of versions are told in ranges") {
  const auto version = [](std::int64_t number, VersionState state, bool frozen = false) {
    Version made{.id = {"k", number}, .state = state};
    if (frozen) made.frozen_by = 7;
    return made;
  };
  using enum VersionState;
  CHECK(inventory::states_text({}) == "no version yet");
  CHECK(inventory::states_text({version(1, kDestroyed), version(2, kDestroyed),
                                version(3, kDeactivated), version(4, kActive, true)}) ==
        "1-2 destroyed, 3 deactivated, 4 active and frozen");
}

TEST_CASE("Long words are cut with a mark, between characters") {
  CHECK(inventory::cut_words("short words stay", 5) == "short words stay");
  CHECK(inventory::cut_words("abcdefgh ij", 6) == "abc... ij");
  CHECK(inventory::cut_words("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6", 5) ==
        "\xc3\xa4\xc3\xb6...");
}

TEST_CASE("list fits 80 columns with names of 500 bytes, and both keys can be told apart") {
  Stocked stock;
  const std::string tenant = stock.scene.tenant(std::string(500, 't'));
  const std::string long_name(499, 'k');
  const std::string one = stock.scene.key(tenant, long_name + "1");
  const std::string two = stock.scene.key(tenant, long_name + "2");
  const VersionId version = stock.scene.active(one);
  const std::string place = stock.scene.destination(one, "alias/" + std::string(494, 'd'));
  stock.prove(place, version, PlacementState::kProven);
  const auto shown = inventory::shown_keys(stock.keys(), false);
  REQUIRE(shown.text.size() == 1);
  const std::string& text = shown.text.front();
  CHECK(widest(text) <= 80);
  CHECK(text.find("kkk...") != std::string::npos);
  CHECK(text.find(one) != std::string::npos);
  CHECK(text.find(two) != std::string::npos);
  CHECK(shown.document["keys"][0]["name"].get<std::string>().size() == 500);
}

TEST_CASE("list tells versions, destinations and their proof, and the owner that is missing") {
  Stocked stock;
  const std::string key = stock.scene.key(stock.scene.tenant("Acme"));
  const VersionId first = stock.scene.active(key);
  const std::string place = stock.scene.destination(key);
  stock.prove(place, first, PlacementState::kAccepted);
  stock.scene.move(first, VersionState::kDeactivated);
  static_cast<void>(stock.scene.active(key));
  const std::string orphan = stock.scene.key(std::string(kNoTenant), "orphan");
  const auto keys = stock.keys();
  const auto shown = inventory::shown_keys(keys, false);
  CHECK(shown.text.front() ==
        "active  rotate by   key (tenant), versions, destinations\n"
        "2       2025-10-04  payments (Acme)\n"
        "                    aes-256, wrap: 1 deactivated, 2 active\n"
        "                    aws 111122223333 alias/acme: 1 accepted, accepted until\n"
        "                    2025-01-12\n"
        "-       -           orphan (no tenant)\n"
        "                    aes-256, wrap: no version yet\n"
        "                    OWNER MISSING\n");
  const Json& first_key = shown.document["keys"][0];
  CHECK(first_key["id"] == key);
  CHECK(first_key["owner"] == "Ada");
  CHECK(first_key["active"] == 2);
  CHECK(first_key["destinations"][0]["placements"][0]["proof"]["basis"] == "officer");
  CHECK(shown.document["keys"][1]["owner"].is_null());
  CHECK(shown.document["keys"][1]["id"] == orphan);
  // Of one tenant.
  const View view = stock.scene.registry().read();
  CHECK(inventory::held_keys(*view.operator->(), std::string(kNoTenant)).size() == 1);
}

TEST_CASE("The CSV of list is read by python, and a formula is no formula in it") {
  Stocked stock;
  static_cast<void>(stock.scene.key(stock.scene.tenant("=1+1"), "a, \"b\""));
  const auto shown = inventory::shown_keys(stock.keys(), true);
  REQUIRE(shown.table);
  stock.shop.put("keys.csv", as_bytes(*shown.table));
  CHECK(as_text(stock.shop.must("python3 -c \"import csv; rows = list(csv.DictReader(open("
                                "'keys.csv', newline=''))); print(len(rows), rows[0]['tenant'], "
                                "rows[0]['key'], rows[0]['versions'], sep='|', end='')\"")) ==
        "1|'=1+1|a, \"b\"|no version yet");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
