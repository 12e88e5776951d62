#include "registry/suite.h"

#include <doctest/doctest.h>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "support/failure.h"

namespace keyrite::test {

using namespace registry;

namespace {

Failure act_fails(Scene& scene, const std::function<void(Stores&, const Mark&)>& states) {
  return failure_of([&] { scene.act(states); });
}

Failure file_fails(Scene& scene, const std::function<void(Stores&, const std::string&)>& rows) {
  return failure_of([&] { scene.file(rows); });
}

void a_key_of_no_tenant_is_adopted_once(Scene& scene, const std::string& tenant) {
  const std::string id = scene.key(std::string(kNoTenant), "old");
  (void)scene.waiting(id);
  auto key = scene.registry().read()->keys.find(id).value();
  key.tenant = tenant;
  key.name = "payments";
  const auto adopt = [&](Stores& stores, const Mark&) { stores.keys.adopt(key); };
  scene.act(adopt);
  CHECK(scene.registry().read()->keys.named(tenant, "payments")->id == id);
  CHECK(scene.registry().read()->versions.of(id).size() == 1);
  CHECK(act_fails(scene, adopt).code == "key-of-tenant");
}

void tenants_have_names_states_and_revisions(const OpenRegistry& open) {
  Scene scene(open);
  const std::string pseudonym = scene.registry().pseudonym_of("acme", scene.fresh());
  const std::string id = scene.tenant("acme");
  CHECK(id == pseudonym);  // one name, one pseudonym
  Tenant acme;
  {
    const View view = scene.registry().read();
    acme = view->tenants.named("acme").value();
    CHECK(view->tenants.find(id)->name == "acme");
    CHECK(view->tenants.list().size() == 1);
    CHECK(view->tenants.find(std::string(kNoTenant))->state == TenantState::kActive);
    CHECK_FALSE(view->tenants.named("other"));
  }
  CHECK(acme.state == TenantState::kActive);
  CHECK(acme.owner == "Ada");
  CHECK(acme.created == at_day(20000));
  CHECK(file_fails(scene, [&](Stores& stores, const std::string& batch) {
          stores.tenants.add("acme", scene.fresh(), {}, {}, at_day(1), batch);
        }).code == "registry-row-exists");
  acme.owner = "Grace";
  scene.file([&](Stores& stores, const std::string&) { stores.tenants.change(acme); });
  CHECK(file_fails(scene, [&](Stores& stores, const std::string&) {
          stores.tenants.change(acme);
        }).code == "registry-row-changed");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.tenants.move(id, TenantState::kForgotten, acme.revision + 1, mark);
        }).code == "transition-illegal");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.tenants.move(scene.fresh(), TenantState::kActive, 1, mark);
        }).code == "registry-row-unknown");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.tenants.move(kNoTenant, TenantState::kSuspended, 1, mark);
        }).code == "transition-illegal");
  a_key_of_no_tenant_is_adopted_once(scene, id);
  const View view = scene.registry().read();
  CHECK(view->tenants.find(id)->owner == "Grace");
  const auto events = view->tenants.events(id);
  REQUIRE(events.size() == 1);
  CHECK(events[0].to == "active");
  CHECK(events[0].mark.actor == "olga@example.org");
  CHECK(events[0].mark.entry.leaf == leaf_of(events[0].mark.entry.seq));
}

void one_version_is_active_and_one_waits(const OpenRegistry& open) {
  Scene scene(open);
  const std::string key = scene.key(scene.tenant("acme"));
  const VersionId first = scene.active(key);
  CHECK(first == VersionId{key, 1});
  const VersionId second = scene.waiting(key);
  CHECK(second.number == 2);
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.add({.id = {key, 0}}, mark);
        }).code == "version-not-alone");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.move(second, VersionState::kActive, 1, mark);
        }).code == "version-not-alone");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.move(second, VersionState::kSuspended, 1, mark);
        }).code == "transition-illegal");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.move(second, VersionState::kCompromised, 9, mark);
        }).code == "registry-row-changed");
  const View view = scene.registry().read();
  CHECK(view->versions.active(key)->id == first);
  CHECK(view->versions.waiting(key)->id == second);
  CHECK(view->versions.with_cka_id(view->versions.find(second)->cka_id).size() == 1);
  CHECK(view->keys.find(key)->due == at_day(20365));
  CHECK(view->keys.due_until(at_day(20364), 10).empty());
  CHECK(view->keys.due_until(at_day(20365), 10).size() == 1);
}

void only_an_active_version_wraps(const OpenRegistry& open) {
  Scene scene(open);
  const std::string tenant = scene.tenant("acme");
  const std::string key = scene.key(tenant);
  const VersionId id = scene.waiting(key);
  const auto add = [&](Stores& stores, const std::string& batch) {
    Dek dek = scene.dek(tenant, id);
    dek.batch = batch;
    stores.deks.add(dek);
  };
  CHECK(file_fails(scene, add).code == "version-not-active");
  scene.move(id, VersionState::kActive);
  scene.file(add);
  scene.act([&](Stores& stores, const Mark& mark) { stores.versions.freeze(id, 2, mark.entry); });
  CHECK(file_fails(scene, add).code == "version-not-active");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.freeze(id, 3, mark.entry);
        }).code == "version-frozen");
  scene.act([&](Stores& stores, const Mark& mark) { stores.versions.thaw(id, 3, mark.entry); });
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.versions.thaw(id, 4, mark.entry);
        }).code == "version-not-frozen");
  scene.file(add);
  scene.move(id, VersionState::kSuspended);
  CHECK(file_fails(scene, add).code == "version-not-active");
}

void destroyed_is_never_left(const OpenRegistry& open) {
  Scene scene(open);
  const std::string tenant = scene.tenant("acme");
  const VersionId id = scene.active(scene.key(tenant));
  const Dek dek = scene.stored_dek(tenant, id);
  const std::string copy = scene.fresh();
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.copies.add({.id = copy,
                       .version = id,
                       .form = CopyForm::kToken,
                       .token_serial = "1234",
                       .cka_id = {1, 2},
                       .state = CopyState::kPresent},
                      mark);
  });
  scene.move(id, VersionState::kDeactivated);
  CHECK(failure_of([&] { scene.move(id, VersionState::kDestroyed); }).code == "deks-left");
  scene.file(
      [&](Stores& stores, const std::string& batch) { stores.deks.mark_gone(dek.id, 1, batch); });
  CHECK(failure_of([&] { scene.move(id, VersionState::kDestroyed); }).code == "copies-left");
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.copies.move(copy, CopyState::kDestructionPending, 1, mark);
  });
  CHECK(failure_of([&] { scene.move(id, VersionState::kDestroyed); }).code == "copies-left");
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.copies.move(copy, CopyState::kDestroyed, 2, mark);
  });
  scene.move(id, VersionState::kDestroyed);
  for (const auto& name : WordTable<VersionState>::words) {
    const std::string to(name);
    const auto state = from_word<VersionState>(to).value();
    CHECK_MESSAGE(failure_of([&] { scene.move(id, state); }).code == "transition-illegal", to);
  }
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.copies.add({.id = scene.fresh(),
                             .version = id,
                             .form = CopyForm::kToken,
                             .token_serial = "1234",
                             .cka_id = {3},
                             .state = CopyState::kPresent},
                            mark);
        }).code == "version-destroyed");
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.copies.move(copy, CopyState::kPresent, 3, mark);
        }).code == "version-destroyed");
  CHECK(scene.version(id).state == VersionState::kDestroyed);
}

void wrapped_keys_stay_their_tenants(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const std::string other = scene.tenant("other");
  const VersionId id = scene.active(scene.key(acme));
  const VersionId foreign = scene.active(scene.key(other));
  const Dek dek = scene.stored_dek(acme, id);
  const auto rewrap = [&](const Dek& to) {
    return file_fails(scene, [&](Stores& stores, const std::string& batch) {
      Dek moved = to;
      moved.batch = batch;
      stores.deks.rewrap(moved);
    });
  };
  Dek moved = dek;
  moved.version = foreign;
  CHECK(rewrap(moved).code == "dek-other-tenant");
  moved = dek;
  moved.wrapped = {9, 9};
  CHECK(rewrap(moved).code == "dek-other-bytes");
  CHECK(rewrap(moved).kind == Kind::kVerification);
  moved.wrapped_sha256 = crypto::sha256_hex(moved.wrapped);
  CHECK(rewrap(moved).code == "no error");
  CHECK(rewrap(moved).code == "registry-row-changed");
  moved.id = scene.fresh();
  CHECK(rewrap(moved).code == "registry-row-unknown");
  scene.file(
      [&](Stores& stores, const std::string& batch) { stores.deks.mark_gone(dek.id, 2, batch); });
  moved.id = dek.id;
  CHECK(rewrap(moved).code == "dek-gone");
  const View view = scene.registry().read();
  CHECK(view->deks.find(dek.id)->wrapped.empty());
  CHECK(view->deks.counts(id.key).at(0).gone == 1);
}

void wrapped_keys_are_paged_counted_and_pruned(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const VersionId id = scene.active(scene.key(acme));
  std::vector<Dek> made;
  scene.file([&](Stores& stores, const std::string& batch) {
    for (int i = 0; i < 5; ++i) {
      Dek dek = scene.dek(acme, id);
      dek.batch = batch;
      dek.parameters = {static_cast<std::uint8_t>(i), 0};
      if (i == 4) {
        dek.kept = Kept::kCaller;
        dek.holder = "billing";
      }
      if (i < 2) dek.expires = at_day(20001 + i);
      stores.deks.add(dek);
      made.push_back(dek);
    }
  });
  {
    const View view = scene.registry().read();
    const auto page = view->deks.page({.version = id, .limit = 3});
    REQUIRE(page.size() == 3);
    CHECK(page[2].id == made[2].id);
    CHECK(page[2].parameters == made[2].parameters);
    CHECK(page[2].wrapped == made[2].wrapped);
    CHECK(view->deks.page({.version = id, .after = made[2].id}).size() == 1);
    CHECK(view->deks.page({.version = id, .kept = Kept::kCaller}).at(0).wrapped.empty());
    CHECK(view->deks.counts(id.key).at(0).here == 4);
    CHECK(view->deks.counts(id.key).at(0).caller == 1);
    CHECK(view->deks.keys_with_left().empty());
    CHECK_FALSE(view->deks.has_left(id.key));
    CHECK(view->deks.holders(id) == std::vector<std::string>{"billing"});
    CHECK(view->deks.expired_until(at_day(20001), 10).size() == 1);
    CHECK(view->deks.in_batch(made[0].batch).size() == 5);
  }
  CHECK(file_fails(scene, [&](Stores& stores, const std::string&) {
          stores.deks.remove_expired(made[1].id, 1, at_day(20001));
        }).code == "dek-not-expired");
  scene.file([&](Stores& stores, const std::string&) {
    stores.deks.remove_expired(made[0].id, 1, at_day(20001));
    stores.deks.count_unwraps(acme, 7, 3);
    stores.deks.count_unwraps(acme, 7, 2);
    stores.deks.count_unwraps(acme, 8, 1);
  });
  const View view = scene.registry().read();
  CHECK_FALSE(view->deks.find(made[0].id));
  const auto counted = view->deks.unwraps_since(acme, 7);
  REQUIRE(counted.size() == 2);
  CHECK(counted[0].unwraps == 5);
}

void placements_follow_their_states(const OpenRegistry& open) {
  Scene scene(open);
  const std::string key = scene.key(scene.tenant("acme"));
  const VersionId id = scene.active(key);
  const std::string place = scene.destination(key);
  const PlacementId placement{place, id.number};
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = placement, .key = key, .state = PlacementState::kWrapped}, mark);
    stores.placements.move(placement, PlacementState::kImported, 1, mark);
  });
  const auto fails = [&](PlacementState to, const PlacementFacts& facts) {
    return act_fails(scene, [&](Stores& stores, const Mark& mark) {
      stores.placements.move(placement, to, 2, mark, facts);
    });
  };
  CHECK(fails(PlacementState::kProven, {}).code == "placement-facts");
  CHECK(fails(PlacementState::kProven, {.basis = Basis::kOfficer}).code == "placement-facts");
  CHECK(fails(PlacementState::kAccepted, {.basis = Basis::kOfficer}).code == "placement-facts");
  CHECK(fails(PlacementState::kServing, {}).code == "transition-illegal");
  CHECK(fails(PlacementState::kProven,
              {.basis = Basis::kCryptographic, .evidence_sha256 = leaf_of(7)})
            .code == "no error");
  scene.act([&](Stores& stores, const Mark&) {
    Placement read = stores.placements.find(placement).value();
    read.cloud_key = "1234abcd-12ab";
    read.cloud_version = "1";
    read.material_expires = at_day(20100);
    stores.placements.identify(read);
  });
  scene.move(id, VersionState::kSuspended);
  const std::string second = scene.destination(key, "alias/second");
  const auto add = [&](Stores& stores, const Mark& mark) {
    stores.placements.add({.id = {second, id.number}, .key = key, .state = PlacementState::kAsked},
                          mark);
  };
  CHECK(act_fails(scene, add).code == "version-not-for-import");
  scene.move(id, VersionState::kActive);
  scene.file([&](Stores& stores, const std::string&) {
    stores.destinations.retire(second, "the vault is gone", at_day(20000), 1);
  });
  CHECK(act_fails(scene, add).code == "destination-retired");
  const View view = scene.registry().read();
  CHECK(view->placements.expiring_until(at_day(20100), 5).size() == 1);
  CHECK(view->placements.in(PlacementState::kProven, 5).size() == 1);
  const auto placed = view->placements.at(place);
  REQUIRE(placed.size() == 1);
  CHECK(view->placements.sharing(place, placed.front()).size() == 1);
  auto by_arn = placed.front();
  by_arn.cloud_key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab";
  CHECK(view->placements.sharing(place, by_arn).size() == 1);
  CHECK(view->placements.of(id).size() == 1);
  CHECK(view->placements.at(place).at(0).material_expires == at_day(20100));
  const auto events = view->placements.events(placement);
  REQUIRE(events.size() == 3);
  CHECK(events[2].basis == Basis::kCryptographic);
  CHECK(events[2].evidence_sha256 == leaf_of(7));
  CHECK(view->destinations.named(key, "aws", "111122223333", "", "alias/second", "eu-west-1")
            ->retired_reason == "the vault is gone");
}

}  // namespace

std::vector<Promise> key_promises() {
  return {
      {"tenants have names, states and revisions", tenants_have_names_states_and_revisions},
      {"one version is active and one waits", one_version_is_active_and_one_waits},
      {"only an active version wraps", only_an_active_version_wraps},
      {"destroyed is never left", destroyed_is_never_left},
      {"wrapped keys stay their tenant's", wrapped_keys_stay_their_tenants},
      {"wrapped keys are paged, counted and pruned", wrapped_keys_are_paged_counted_and_pruned},
      {"placements follow their states", placements_follow_their_states},
  };
}

const std::vector<Promise>& promises() {
  static const std::vector<Promise> all = [] {
    auto both = key_promises();
    const auto records = record_promises();
    both.insert(both.end(), records.begin(), records.end());
    return both;
  }();
  return all;
}

}  // namespace keyrite::test
