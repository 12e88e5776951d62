// What is due, and when it is overdue.
#include "inventory/due.h"

#include <doctest/doctest.h>

#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;
using inventory::due_of;
using inventory::DueItem;
using inventory::DueWhat;
using inventory::HeldKey;

HeldKey owned() {
  HeldKey held{.tenant = {.id = "t", .name = "Acme", .owner = "Ada"}, .key = {.id = "k"}};
  held.key.name = "payments";
  held.versions.push_back({.id = {"k", 1}, .state = VersionState::kActive});
  return held;
}

std::string words(const std::vector<DueItem>& items) {
  std::string text;
  for (const auto& item : items) text += std::string(inventory::due_word(item.what)) + " ";
  return text;
}

HeldKey placed(PlacementState state, const char* verdict, std::optional<Time> until,
               std::optional<Time> expires) {
  HeldKey held = owned();
  inventory::PlacedVersion version{
      .placement = {.id = {"d", 1}, .key = "k", .state = state, .material_expires = expires}};
  version.verdict = StateEvent{};
  version.verdict->to = verdict;
  version.verdict->until = until;
  held.places.push_back(
      {.destination = {.id = "d", .provider = "aws", .name = "alias/a"}, .placed = {version}});
  return held;
}

TEST_CASE("A rotation is due on its day and not before") {
  HeldKey held = owned();
  const Time fresh = at_day(1000);
  CHECK(due_of(held, fresh, at_day(1010)).empty());
  held.key.due = at_day(1011);
  CHECK(due_of(held, fresh, at_day(1010)).empty());
  CHECK(words(due_of(held, fresh, at_day(1011))) == "rotation ");
}

TEST_CASE("Access is signed off every 90 days, first that long after the key was added") {
  const HeldKey held = owned();
  CHECK(due_of(held, at_day(1000), at_day(1089)).empty());
  const auto due = due_of(held, at_day(1000), at_day(1090));
  REQUIRE(due.size() == 1);
  CHECK(due[0].what == DueWhat::kSignOff);
  CHECK(due[0].when == at_day(1090));
}

TEST_CASE("A key whose tenant has no owner needs its own, nobody answers for a destroyed one") {
  HeldKey held = owned();
  held.tenant.owner.reset();
  CHECK(words(due_of(held, at_day(1000), at_day(1001))) == "key-owner ");
  held.key.owner = "Grace";
  CHECK(due_of(held, at_day(1000), at_day(1001)).empty());
  held.key.owner.reset();
  held.key.due = at_day(1000);
  held.versions.front().state = VersionState::kDestroyed;
  CHECK(due_of(held, at_day(0), at_day(1001)).empty());
}

TEST_CASE("Material that expires and acceptances that end are told while a cloud has the key") {
  using enum PlacementState;
  const Time fresh = at_day(1000);
  const Time until = at_day(1030);
  CHECK(words(due_of(placed(kServing, "accepted", at_day(1020), at_day(1025)), fresh, until)) ==
        "material-expires acceptance-ends ");
  // An acceptance that a proof took the place of does not end.
  CHECK(due_of(placed(kServing, "proven", at_day(1020), std::nullopt), fresh, until).empty());
  CHECK(due_of(placed(kDeleted, "accepted", at_day(1020), at_day(1025)), fresh, until).empty());
  CHECK(due_of(placed(kDeletionScheduled, "accepted", at_day(1020), at_day(1025)), fresh, until)
            .empty());
  const auto due = due_of(placed(kServing, "accepted", at_day(1020), std::nullopt), fresh, until);
  REQUIRE(due.size() == 1);
  CHECK(due[0].detail == "version 1 at aws alias/a");
}

TEST_CASE("Credentials that expire, are due or have no owner are told, revoked ones are not") {
  const Workshop shop;
  const std::string path = shop.put("registry.sqlite", {});
  Scene scene([&] { return std::make_unique<Registry>(path); });
  const std::string tenant = scene.tenant("Acme");
  const VersionId version = scene.active(scene.key(tenant));
  const auto seal = [&](const char* service, std::optional<Time> expires, std::optional<Time> due,
                        std::optional<std::string> owner) {
    const std::string id = scene.fresh();
    const Dek dek = scene.stored_dek(tenant, version);
    scene.file([&](Stores& stores, const std::string& batch) {
      Credential credential{.id = id, .tenant = tenant, .dek = dek.id, .owner = std::move(owner)};
      credential.service = service;
      credential.environment = "production";
      credential.iv = Bytes(12, 1);
      credential.sealed = Bytes(20, 2);
      credential.expires = expires;
      credential.due = due;
      credential.batch = batch;
      stores.credentials.add(credential);
    });
    return id;
  };
  static_cast<void>(seal("expires", at_day(20005), std::nullopt, "o"));
  static_cast<void>(seal("due", std::nullopt, at_day(20006), "o"));
  static_cast<void>(seal("orphan", std::nullopt, std::nullopt, std::nullopt));
  const std::string gone = seal("revoked", at_day(20001), at_day(20001), std::nullopt);
  scene.act([&](Stores& stores, const Mark& /*mark*/) {
    stores.credentials.revoke(gone, at_day(20001), 1);
  });
  const View view = scene.registry().read();
  const auto items = inventory::due_items(*view.operator->(), at_day(20010));
  CHECK(words(items) == "credential-owner credential-expires credential-due ");
  CHECK(items[1].key == "expires/production");
  CHECK(items[1].tenant == "Acme");
  const auto shown = inventory::shown_due(items, at_day(20005), std::chrono::days(5), false);
  CHECK(shown.text.front() ==
        "when                what                key (tenant)\n"
        "now                 owner missing       orphan/production (Acme)\n"
        "OVERDUE 2024-10-09  credential expires  expires/production (Acme)\n"
        "2024-10-10          credential due      due/production (Acme)\n");
  CHECK(shown.document["due"][1]["overdue"] == true);
  CHECK(shown.document["due"][2]["overdue"] == false);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
