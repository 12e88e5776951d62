// Who may use a key, signed off by its owner; what is wrong, by the exit code.
#include <doctest/doctest.h>

#include "cli/stocked_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

TEST_CASE("access names the roster's people, and an owner signs it off") {
  const StockedSite site;
  if (!site.ready()) return;
  site.shaped("inventory-access-result", {"access"});
  const Json access = site.must({"access", "--tenant", "Acme", "--key", "payments"});
  CHECK(access["people"]["operators"] == Json{"olga@example.org"});
  bool shred = false;
  for (const auto& row : access["people"]["operations"]) {
    if (row["operation"] != "shred") continue;
    shred = true;
    CHECK(row["approvals"][0]["number"] == 2);
    CHECK(row["approvals"][0]["people"].size() == 3);
  }
  CHECK(shred);
  CHECK(access["keys"][0]["sign_off"].is_null());
  const std::string report = access["keys"][0]["report_sha256"];

  site.shaped("inventory-sign-off-result", {"access", "--sign-off", "--owner", "Ada"});
  const Json told = site.scene.entries().back();
  CHECK(told["act"] == "inventory-sign-off");
  CHECK(told["facts"]["changes"][0]["report_sha256"] == report);
  CHECK(site.shop().naming("\"ada\"|payments|Acme", "site/transcript") == "");
  Json after = site.must({"access"})["keys"][0];
  CHECK(after["report_sha256"] == report);
  CHECK(after["sign_off"]["changed_since"] == false);
  CHECK(after["sign_off"]["actor"] == "olga@example.org");
  CHECK(site.must({"show", "payments", "--tenant", "Acme"})["sign_off"]["report_sha256"] == report);
  // Another version: what was signed off is not what is there now.
  {
    Scene scene = site.in_registry();
    (void)scene.active(after["id"].get<std::string>());
  }
  after = site.must({"access"})["keys"][0];
  CHECK(after["sign_off"]["changed_since"] == true);
  CHECK(site.shown({"access"}).out.find("CHANGED SINCE THEN") != std::string::npos);
  (void)site.scene.must("resume", {});
  (void)site.scene.verify();
}

TEST_CASE("A sign-off that the registry lost comes back from the log") {
  const StockedSite site;
  if (!site.ready()) return;
  const std::string backup = site.scene.room().path("backup");
  (void)site.must({"backup", backup});
  (void)site.must({"access", "--sign-off", "--owner", "Ada"});
  (void)site.must({"restore", backup});
  const Json resumed = site.scene.must("resume", {});
  CHECK(resumed["registry"]["unknown"].empty());
  CHECK(site.must({"access"})["keys"][0]["sign_off"]["changed_since"] == false);
}

TEST_CASE("Who does not own a key does not sign it off") {
  const StockedSite site;
  if (!site.ready()) return;
  site.refused({"access", "--key", "payments"}, 2, "access-which");
  site.refused({"access", "--sign-off"}, 2, "sign-off-owner");
  site.refused({"access", "--sign-off", "--owner", "Mallory"}, 1, "sign-off-not-owner");
  (void)site.scene.must("tenant", Words{"add", "Empty", "--owner", "Ada"} + kOlga);
  site.refused({"access", "--tenant", "Empty", "--sign-off", "--owner", "Ada"}, 1,
               "sign-off-nothing");
  CHECK(site.must({"access"})["keys"][0]["sign_off"].is_null());
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "{\"tenant\":\"Acme\",\"type\":\"aes-256\",\"name\":\"k" + std::to_string(i) + "\"}\n";
  site.shop().put("many", as_bytes(many));
  (void)site.scene.must("key", Words{"add", "--from", site.scene.room().path("many")} + kOlga);
  site.refused({"access", "--sign-off", "--owner", "Ada"}, 2, "sign-off-too-many");
}

TEST_CASE("alerts ends with 6 when something is wrong, and with 0 when nothing is") {
  const StockedSite site;
  if (!site.ready()) return;
  const auto quiet = site.run({"alerts"});
  CHECK(quiet.exit_code == 0);
  CHECK(parse_json(as_bytes(quiet.out), "output")["result"]["alerts"].empty());
  const std::string key = site.key_id();
  const Json destinations = site.scene.must(
      "destination", Words{"add", "alias/payments", "--provider", "aws", "--account",
                           "111122223333", "--region", "eu-central-1", "--wrapping-algorithm",
                           "RSAES_OAEP_SHA_1", "--tenant", "Acme", "--key", "payments"} +
                         kOlga);
  {
    Scene scene = site.in_registry();
    const VersionId version = scene.active(key);
    const PlacementId place{destinations["destinations"][0]["id"].get<std::string>(), 1};
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.add({.id = place, .key = key, .state = PlacementState::kWrapped}, mark);
    });
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.placements.move(place, PlacementState::kImported, 1, mark);
      stores.placements.move(place, PlacementState::kProven, 2, mark, {.basis = Basis::kStatement});
      stores.placements.move(place, PlacementState::kServing, 3, mark);
    });
    scene.move(version, VersionState::kDeactivated);
    scene.move(version, VersionState::kDestroyed);
  }
  const auto loud = site.run({"alerts"});
  CHECK(loud.exit_code == 6);
  const Json alerts = parse_json(as_bytes(loud.out), "output")["result"]["alerts"];
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0]["what"] == "destroyed-found");
  site.shaped("inventory-alerts-result", {"alerts"});
  CHECK(site.shown({"alerts"}).exit_code == 6);
}

TEST_CASE("A policy that somebody edited is an alert of its own") {
  const StockedSite site;
  if (!site.ready()) return;
  site.shop().must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('site/registry.sqlite')\n"
      "triggers = db.execute('SELECT name, sql FROM sqlite_schema WHERE type = \\'trigger\\' "
      "').fetchall()\n"
      "for name, sql in triggers: db.execute('DROP TRIGGER ' + name)\n"
      "db.execute('UPDATE decision SET content = replace(content, \\'stop\\', \\'read\\')')\n"
      "for name, sql in triggers: db.execute(sql)\n"
      "db.commit()\"");
  site.refused({"alerts"}, 6, "decision-edited");
  site.refused({"access"}, 6, "decision-edited");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
