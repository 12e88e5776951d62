// keyrite inventory as people and programs use it. What acts at a token will write one day is
// written into the site's registry here (registry/scene.h), beside what the tools write.
#include <doctest/doctest.h>

#include "cli/stocked_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

// A proven and served version 1, deactivated, an active version 2 with a wrapped key, one
// credential.
void put_to_use(const StockedSite& site) {
  const std::string key = site.key_id();
  Scene scene = site.in_registry();
  const VersionId first = scene.active(key);
  const PlacementId place{scene.destination(key), 1};
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = place, .key = key, .state = PlacementState::kWrapped}, mark);
    stores.copies.add({.id = id_of(900),
                       .version = first,
                       .form = CopyForm::kToken,
                       .token_serial = "0001",
                       .cka_id = Bytes(16, 7),
                       .state = CopyState::kPresent},
                      mark);
    stores.versions.add_check_value(first, {"cmac", "0a0b0c"});
  });
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.move(place, PlacementState::kImported, 1, mark);
    stores.placements.move(place, PlacementState::kProven, 2, mark,
                           {.basis = Basis::kCryptographic, .evidence_sha256 = leaf_of(1)});
  });
  scene.move(first, VersionState::kDeactivated);
  const VersionId second = scene.active(key);
  const std::string tenant = [&] {
    const View view = scene.registry().read();
    return view->keys.find(key)->tenant;
  }();
  const Dek dek = scene.stored_dek(tenant, second);
  scene.file([&](Stores& stores, const std::string& batch) {
    Credential credential{.id = id_of(901), .tenant = tenant, .dek = dek.id};
    credential.service = "stripe";
    credential.environment = "production";
    credential.scope = "charges";
    credential.iv = Bytes(12, 1);
    credential.sealed = Bytes(20, 2);
    credential.batch = batch;
    stores.credentials.add(credential);
  });
}

TEST_CASE("list, show and due of a site, --json has the shape that docs/formats/json.md shows") {
  const StockedSite site;
  if (!site.ready()) return;
  put_to_use(site);
  const auto entries = site.scene.entries().size();
  site.shaped("inventory-list-result", {"list"});
  site.shaped("inventory-show-result", {"show", "payments", "--tenant", "Acme"});
  site.shaped("inventory-due-result", {"due", "--within", "365"});

  const Json shown = site.must({"show", "payments", "--tenant", "Acme"});
  CHECK(shown["active"] == 2);
  CHECK(shown["versions"][0]["events"].size() == 3);
  CHECK(shown["versions"][0]["copies"][0]["token_serial"] == "0001");
  CHECK(shown["versions"][1]["deks"] == Json{{"here", 1}, {"caller", 0}, {"gone", 0}});
  CHECK(shown["destinations"][0]["placements"][0]["proof"]["basis"] == "cryptographic");
  CHECK(site.must({"list", "--tenant", "Acme"})["keys"].size() == 1);
  const auto table = site.shown({"list"});
  CHECK(table.exit_code == 0);
  CHECK(table.out.find("payments (Acme)") != std::string::npos);
  CHECK(table.out.find("1 proven, cryptographic proof") != std::string::npos);
  const auto csv = site.shown({"list", "--csv"});
  CHECK(csv.out.find("\"Acme\",\"payments\"") != std::string::npos);
  CHECK(csv.err.find("payments") == std::string::npos);
  CHECK(site.must({"due"})["due"][0]["what"] == "credential-owner");
  const auto versions = site.shown({"export", "--csv"});
  CHECK(versions.out.find("\"Acme\",\"payments\"") != std::string::npos);
  CHECK(versions.out.find("\"1\",\"deactivated\"") != std::string::npos);
  CHECK(versions.out.find("\"2\",\"active\"") != std::string::npos);
  const auto bom = site.shown({"export", "--cbom", "--tenant", "Acme"});
  CHECK(parse_json(as_bytes(bom.out), "bom")["components"].size() == 3);
  // Nothing of this is an act.
  CHECK(site.scene.entries().size() == entries);
}

TEST_CASE("What inventory cannot show is refused, each with its code") {
  const StockedSite site;
  if (!site.ready()) return;
  site.refused({"list", "--csv"}, 2, "json-and-csv");
  site.refused({"list", "--tenant", "Nobody"}, 2, "tenant-unknown");
  site.refused({"export"}, 2, "export-which");
  site.refused({"export", "--cbom", "--csv"}, 2, "export-which");
  site.refused({"export", "--csv"}, 2, "json-and-csv");
  site.refused({"export", "--cbom", "--tenant", "Nobody"}, 2, "tenant-unknown");
  site.refused({"show", "nothing", "--tenant", "Acme"}, 2, "key-unknown");
  site.refused({"due", "--within", "4000"}, 2, "within-too-long");
  site.scene.refused(run_program({tool_path("inventory"), "list", "--json"}), 2, "site-not-given");
}

TEST_CASE("A registry that lacks what the log tells is not shown, one ahead of it neither") {
  const StockedSite site;
  if (!site.ready()) return;
  site.shop().must("cp site/registry.sqlite old.sqlite");
  (void)site.scene.must("tenant", Words{"add", "Later"} + kOlga);
  site.shop().must("cp site/registry.sqlite new.sqlite; cp old.sqlite site/registry.sqlite");
  site.refused({"list"}, 8, "registry-behind");
  site.refused({"due"}, 8, "registry-behind");
  site.scene.refused(site.scene.run("tenant", Words{"list"} + kOlga), 8, "registry-behind");
  site.shop().must(
      "cp new.sqlite site/registry.sqlite; cp site/transcript/log.jsonl log; "
      "head -n -1 log > site/transcript/log.jsonl");
  site.refused({"list"}, 6, "registry-ahead");
  // Another entry where the last one was.
  site.shop().must(
      "head -n -1 log > site/transcript/log.jsonl; tail -n 1 log | sed 's/done/Done/' >> "
      "site/transcript/log.jsonl");
  site.refused({"list"}, 6, "registry-of-other-log");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
