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

// Its time is over on day 20000.
Dek expiring_dek(Scene& scene, const std::string& tenant, const VersionId& id) {
  Dek dek = scene.dek(tenant, id);
  dek.expires = at_day(20000);
  scene.file([&](Stores& stores, const std::string& batch) {
    dek.batch = batch;
    stores.deks.add(dek);
  });
  return dek;
}

void a_service_has_one_credential(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const std::string other = scene.tenant("other");
  const VersionId id = scene.active(scene.key(acme));
  const Dek dek = expiring_dek(scene, acme, id);
  Credential made{.id = scene.fresh(),
                  .tenant = acme,
                  .dek = dek.id,
                  .service = "billing",
                  .environment = "prod",
                  .scope = "read",
                  .iv = {1},
                  .sealed = {2},
                  .due = at_day(20010)};
  const auto add = [&](const Credential& one) {
    return file_fails(scene, [&](Stores& stores, const std::string& batch) {
      Credential filed = one;
      filed.batch = batch;
      stores.credentials.add(filed);
    });
  };
  Credential foreign = made;
  foreign.tenant = other;
  CHECK(add(foreign).code == "dek-other-tenant");
  CHECK(add(made).code == "no error");
  Credential second = made;
  second.id = scene.fresh();
  second.dek = scene.stored_dek(acme, id).id;
  CHECK(add(second).code == "registry-row-exists");
  scene.file([&](Stores& stores, const std::string&) {
    stores.credentials.mark_opened(made.id, at_day(20005));
    stores.credentials.mark_opened(made.id, at_day(20003));
  });
  {
    const View view = scene.registry().read();
    CHECK(view->credentials.find(made.id)->opened == at_day(20005));
    CHECK(view->credentials.due_until(at_day(20010), 5).size() == 1);
    CHECK(view->credentials.expired_until(at_day(20010), 5).empty());
    CHECK(view->credentials.ownerless(5).size() == 1);
    CHECK(view->credentials.of_service(acme, "billing", "prod")->sealed == Bytes{2});
  }
  scene.file([&](Stores& stores, const std::string&) {
    stores.credentials.revoke(made.id, at_day(20006), 1);
  });
  CHECK(file_fails(scene, [&](Stores& stores, const std::string&) {
          stores.credentials.revoke(made.id, at_day(20006), 2);
        }).code == "credential-revoked");
  CHECK(add(second).code == "no error");
  {
    const View view = scene.registry().read();
    CHECK(view->credentials.of(acme).size() == 2);
    CHECK(view->credentials.due_until(at_day(20010), 5).size() == 1);
  }
  // Nobody could open it any more.
  CHECK(file_fails(scene, [&](Stores& stores, const std::string&) {
          stores.deks.remove_expired(dek.id, 1, at_day(20001));
        }).code == "dek-seals-credential");
}

void a_credential_gets_another_owner(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const VersionId id = scene.active(scene.key(acme));
  Credential made{.id = scene.fresh(), .tenant = acme, .dek = scene.stored_dek(acme, id).id};
  made.service = "billing";
  made.environment = "prod";
  made.iv = {1};
  made.sealed = {2};
  scene.file([&](Stores& stores, const std::string& batch) {
    made.batch = batch;
    stores.credentials.add(made);
    stores.credentials.give_owner(made.id, "Grace", 1);
  });
  {
    const View view = scene.registry().read();
    CHECK(view->credentials.find(made.id)->owner == "Grace");
    CHECK(view->credentials.find(made.id)->sealed == made.sealed);
    CHECK(view->credentials.ownerless(5).empty());
  }
  const auto given = [&](const std::string& owner, std::int64_t revision) {
    return file_fails(scene,
                      [&](Stores& stores, const std::string&) {
                        stores.credentials.give_owner(made.id, owner, revision);
                      })
        .code;
  };
  CHECK(given("Ada", 1) == "registry-row-changed");
  CHECK(given("", 2) == "registry-value");
  scene.file([&](Stores& stores, const std::string&) {
    stores.credentials.revoke(made.id, at_day(20006), 2);
  });
  CHECK(given("Ada", 3) == "credential-revoked");
}

void a_secret_that_is_over_loses_its_data_key(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const VersionId id = scene.active(scene.key(acme));
  Credential one{.id = scene.fresh(), .tenant = acme, .dek = scene.stored_dek(acme, id).id};
  one.service = "billing";
  one.environment = "prod";
  one.iv = {1};
  one.sealed = {2};
  const auto written = [&](const std::function<void(Stores&, const Credential&)>& write) {
    return file_fails(scene, [&](Stores& stores, const std::string& batch) {
      Credential row = one;
      row.batch = batch;
      write(stores, row);
    });
  };
  const auto add = [](Stores& stores, const Credential& row) { stores.credentials.add(row); };
  const auto reseal = [](Stores& stores, const Credential& row) { stores.credentials.reseal(row); };
  const auto kept = [&](const std::string& dek) {
    return scene.registry().read()->deks.find(dek)->kept;
  };
  CHECK(written(add).code == "no error");
  const std::string first = one.dek;
  one.dek = scene.stored_dek(acme, id).id;
  one.sealed = {3};
  one.owner = "Ada";
  one.revision = 1;
  CHECK(written(reseal).code == "no error");
  CHECK(kept(first) == Kept::kGone);
  CHECK(kept(one.dek) == Kept::kHere);
  {
    const View view = scene.registry().read();
    CHECK(view->credentials.of_dek(one.dek)->sealed == Bytes{3});
    CHECK(view->credentials.of_dek(one.dek)->owner == "Ada");
    CHECK_FALSE(view->credentials.of_dek(first));
  }
  CHECK(written(reseal).code == "registry-row-changed");
  const auto move = [&](TenantState to) {
    scene.act([&](Stores& stores, const Mark& mark) {
      stores.tenants.move(acme, to, stores.tenants.find(acme)->revision, mark);
    });
  };
  move(TenantState::kOffboarding);
  CHECK(scene.registry().read()->credentials.find(one.id)->revoked.has_value());
  CHECK(kept(one.dek) == Kept::kGone);
  move(TenantState::kActive);
  CHECK(kept(one.dek) == Kept::kGone);
}

void a_version_has_check_values_canary_and_copies(const OpenRegistry& open) {
  Scene scene(open);
  const std::string key = scene.key(scene.tenant("acme"));
  const VersionId id = scene.active(key);
  const Canary canary{.version = id,
                      .mechanism = "aes-kwp",
                      .content = {7, 8},
                      .answer_sha256 = leaf_of(1),
                      .created = at_day(20000)};
  const auto add = [&](Stores& stores, const std::string& batch) {
    Canary made = canary;
    made.batch = batch;
    stores.versions.add_canary(made);
  };
  scene.file(add);
  CHECK(file_fails(scene, add).code == "registry-row-exists");
  const std::string bundle = scene.fresh();
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.versions.add_check_value(id, {"ekcv", "0a1b2c"});
    stores.copies.add({.id = bundle,
                       .version = id,
                       .form = CopyForm::kBundle,
                       .sha256 = leaf_of(3),
                       .state = CopyState::kGivenAway},
                      mark);
    stores.keys.sign_off({key, leaf_of(4), mark});
  });
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.copies.add({.id = scene.fresh(),
                             .version = id,
                             .form = CopyForm::kBundle,
                             .sha256 = leaf_of(3),
                             .state = CopyState::kGivenAway},
                            mark);
        }).code == "registry-row-exists");
  const View view = scene.registry().read();
  CHECK(view->versions.canary(id)->content == Bytes{7, 8});
  CHECK(view->versions.canary(id)->parameters.empty());
  CHECK(view->versions.check_values(id) == std::vector<CheckValue>{{"ekcv", "0a1b2c"}});
  CHECK(view->copies.of(id).at(0).state == CopyState::kGivenAway);
  CHECK(view->copies.of_file(leaf_of(3))->id == bundle);
  CHECK(view->copies.events(bundle).size() == 1);
  CHECK(view->keys.last_sign_off(key)->report_sha256 == leaf_of(4));
  CHECK(view->keys.ownerless().empty());  // the tenant has one
}

void a_forgotten_tenant_has_no_names(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const std::string key = scene.key(acme);
  const VersionId id = scene.active(key);
  const std::string place = scene.destination(key);
  const auto to = [&](TenantState state) {
    std::int64_t revision{};
    {
      const View view = scene.registry().read();
      revision = view->tenants.find(acme)->revision;
    }
    return act_fails(scene, [&](Stores& stores, const Mark& mark) {
      stores.tenants.move(acme, state, revision, mark);
    });
  };
  CHECK(to(TenantState::kOffboarding).code == "no error");
  CHECK(to(TenantState::kForgotten).code == "key-not-destroyed");
  scene.file([&](Stores& stores, const std::string& batch) {
    stores.decisions.propose({DecisionKind::kTenant, acme, 0},
                             TenantPolicy{{}, Hold{"court", "case 7"}}, batch, scene.fresh());
  });
  scene.move(id, VersionState::kDeactivated);
  CHECK(failure_of([&] { scene.move(id, VersionState::kDestroyed); }).code == "legal-hold");
  CHECK(to(TenantState::kForgotten).code == "legal-hold");
  scene.file([&](Stores& stores, const std::string& batch) {
    stores.decisions.propose({DecisionKind::kTenant, acme, 0}, TenantPolicy{}, batch,
                             scene.fresh());
  });
  scene.move(id, VersionState::kDestroyed);
  CHECK(to(TenantState::kForgotten).code == "no error");
  CHECK(to(TenantState::kActive).code == "transition-illegal");
  const View view = scene.registry().read();
  const Tenant gone = view->tenants.find(acme).value();
  CHECK_FALSE(gone.name);
  CHECK_FALSE(gone.owner);
  CHECK_FALSE(view->tenants.named("acme"));
  CHECK_FALSE(view->names.name_of(acme));
  CHECK_FALSE(view->keys.find(key)->name);
  CHECK(view->destinations.find(place)->account.empty());
  for (const auto& one : view->decisions.history({DecisionKind::kTenant, acme, 0}))
    CHECK_FALSE(one.document);
}

void what_has_no_entry_is_found_and_taken_back(const OpenRegistry& open) {
  Scene scene(open);
  const std::string batch = scene.left_open([&](Stores& stores, const std::string& id) {
    stores.tenants.add("acme", scene.fresh(), {}, {}, at_day(1), id);
  });
  {
    const View view = scene.registry().read();
    REQUIRE(view->log.open_batches().size() == 1);
    CHECK(view->log.open_batches().at(0).id == batch);
    CHECK(view->tenants.named("acme")->state == TenantState::kNone);
  }
  {
    Transaction transaction = scene.registry().write();
    transaction->log.take_back(batch);
    transaction.commit();
  }
  const auto again = failure_of([&] {
    Transaction transaction = scene.registry().write();
    transaction->log.take_back(batch);
  });
  CHECK(again.code == "batch-not-open");
  const std::string acme = scene.tenant("acme");
  const VersionId id = scene.active(scene.key(acme));
  const std::string wrapped = scene.left_open([&](Stores& stores, const std::string& of) {
    Dek dek = scene.dek(acme, id);
    dek.batch = of;
    stores.deks.add(dek);
  });
  const auto deks = failure_of([&] {
    Transaction transaction = scene.registry().write();
    transaction->log.take_back(wrapped);
  });
  CHECK(deks.code == "batch-has-deks");
  scene.act([&](Stores& stores, const Mark& mark) {
    stores.log.bind(wrapped, mark.entry, Outcome::kSettled);
  });
  CHECK(act_fails(scene, [&](Stores& stores, const Mark& mark) {
          stores.log.bind(wrapped, mark.entry);
        }).code == "batch-not-open");
  const View view = scene.registry().read();
  CHECK(view->log.open_batches().empty());
  CHECK(view->log.find(wrapped)->outcome == Outcome::kSettled);
  CHECK(view->log.position(kLog).size == scene.log_size() - 1);  // the failed act's entry is behind
}

void names_are_rebuilt_as_the_log_has_them(const OpenRegistry& open) {
  Scene scene(open);
  const std::string one = scene.fresh();
  const std::string two = scene.fresh();
  const auto rebuild = [&](const std::string& name, const std::string& pseudonym) {
    return failure_of([&] {
      Transaction transaction = scene.registry().write();
      transaction->names.rebuild(name, pseudonym);
      transaction.commit();
    });
  };
  CHECK(rebuild("acme", one).code == "no error");
  CHECK(rebuild("acme", one).code == "no error");
  CHECK(rebuild("acme", two).code == "pseudonym-other");
  CHECK(rebuild("other", one).code == "pseudonym-other");
  CHECK(scene.registry().name_of(one) == "acme");
}

void values_that_do_not_go_in_are_named(const OpenRegistry& open) {
  Scene scene(open);
  const std::string acme = scene.tenant("acme");
  const auto named = [&](const std::string& name) {
    return file_fails(scene, [&](Stores& stores, const std::string& batch) {
      stores.tenants.add(name, scene.fresh(), {}, {}, at_day(1), batch);
    });
  };
  CHECK(named("").code == "registry-value");
  CHECK(named("\xff").code == "registry-value");
  CHECK(named(std::string(501, 'x')).code == "registry-value");
  CHECK(named(std::string(500, 'x')).code == "no error");
  CHECK(file_fails(scene, [&](Stores& stores, const std::string& batch) {
          stores.keys.add(
              {.id = "short", .tenant = acme, .name = "a", .type = "aes-256", .batch = batch});
        }).code == "registry-value");
  CHECK(file_fails(scene, [&](Stores& stores, const std::string& batch) {
          stores.keys.add({.id = scene.fresh(),
                           .tenant = scene.fresh(),
                           .name = "a",
                           .type = "aes-256",
                           .batch = batch});
        }).code == "registry-constraint");
}
}  // namespace

std::vector<Promise> record_promises() {
  return {
      {"a service has one credential", a_service_has_one_credential},
      {"a credential gets another owner", a_credential_gets_another_owner},
      {"a secret that is over loses its data key", a_secret_that_is_over_loses_its_data_key},
      {"a version has check values, a canary and copies",
       a_version_has_check_values_canary_and_copies},
      {"a forgotten tenant has no names", a_forgotten_tenant_has_no_names},
      {"what has no entry is found, and taken back", what_has_no_entry_is_found_and_taken_back},
      {"names are rebuilt as the log has them", names_are_rebuilt_as_the_log_has_them},
      {"values that do not go in are named", values_that_do_not_go_in_are_named},
  };
}

}  // namespace keyrite::test
