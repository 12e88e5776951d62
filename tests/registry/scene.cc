#include "registry/scene.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/bytes.h"
#include "crypto/digest.h"

namespace keyrite::test {

using namespace registry;

std::string id_of(std::uint64_t number) { return fmt::format("{:032x}", number); }

std::string leaf_of(std::uint64_t seq) {
  return crypto::sha256_hex(as_bytes("leaf " + std::to_string(seq)));
}

Time at_day(std::int64_t day) { return Time(std::chrono::days(day)); }

Appended Scene::append() {
  const std::uint64_t seq = size_++;
  return {{seq, leaf_of(seq)}, {size_, leaf_of(seq)}};
}

void Scene::act(const std::function<void(Stores&, const Mark&)>& states) {
  write_after_entry(registry(), kLog, append(), [&](Stores& stores, const LogEntry& entry) {
    states(stores, {at_day(20000), "olga@example.org", entry});
  });
}

Batch Scene::batch() {
  const std::string id = fresh();
  return {.id = id,
          .run = fresh(),
          .act = "test",
          .manifest_sha256 = leaf_of(size_),
          .opened = at_day(20000)};
}

std::string Scene::file(const std::function<void(Stores&, const std::string&)>& rows) {
  OrderedWrite write{.origin = kLog, .batch = batch()};
  write.rows = [&](Stores& stores) { rows(stores, write.batch.id); };
  write.append = [&] { return append(); };
  write_in_order(registry(), write);
  return write.batch.id;
}

std::string Scene::left_open(const std::function<void(Stores&, const std::string&)>& rows) {
  const Batch one = batch();
  Transaction transaction = registry().write();
  transaction->log.open(one);
  rows(*transaction.operator->(), one.id);
  transaction.commit();
  return one.id;
}

std::string Scene::tenant(const std::string& name) {
  std::string id;
  const std::string pseudonym = fresh();
  file([&](Stores& stores, const std::string& batch) {
    id = stores.tenants.add(name, pseudonym, "Ada", "ada@example.org", at_day(20000), batch).id;
  });
  act([&](Stores& stores, const Mark& mark) {
    stores.tenants.move(id, TenantState::kActive, 1, mark);
  });
  return id;
}

std::string Scene::key(const std::string& tenant, const std::string& name) {
  const std::string id = fresh();
  file([&](Stores& stores, const std::string& batch) {
    stores.keys.add({.id = id,
                     .tenant = tenant,
                     .name = name,
                     .type = "aes-256",
                     .usage = Usage::kWrap,
                     .batch = batch});
  });
  return id;
}

VersionId Scene::waiting(const std::string& key) {
  VersionId id;
  const Bytes cka_id = from_hex(fresh());
  act([&](Stores& stores, const Mark& mark) {
    id =
        stores.versions.add({.id = {key, 0}, .cka_id = cka_id, .origin = KeyOrigin::kLogged}, mark);
  });
  return id;
}

VersionId Scene::active(const std::string& key) {
  const VersionId id = waiting(key);
  move(id, VersionState::kActive);
  return id;
}

void Scene::move(const VersionId& id, VersionState to) {
  const std::int64_t revision = version(id).revision;
  act([&](Stores& stores, const Mark& mark) { stores.versions.move(id, to, revision, mark); });
}

Dek Scene::dek(const std::string& tenant, const VersionId& id) {
  Dek dek{.id = fresh(),
          .tenant = tenant,
          .version = id,
          .kept = Kept::kHere,
          .mechanism = "aes-kwp",
          .created = at_day(20000)};
  dek.wrapped = from_hex(dek.id);
  dek.wrapped_sha256 = crypto::sha256_hex(dek.wrapped);
  return dek;
}

Dek Scene::stored_dek(const std::string& tenant, const VersionId& id) {
  Dek made = dek(tenant, id);
  file([&](Stores& stores, const std::string& batch) {
    made.batch = batch;
    stores.deks.add(made);
  });
  made.revision = 1;
  return made;
}

std::string Scene::destination(const std::string& key, const std::string& name) {
  const std::string id = fresh();
  file([&](Stores& stores, const std::string& batch) {
    stores.destinations.add({.id = id,
                             .key = key,
                             .provider = "aws",
                             .account = "111122223333",
                             .name = name,
                             .region = "eu-west-1",
                             .region_declared = false,
                             .algorithm = "rsa-aes-key-wrap-sha256",
                             .batch = batch});
  });
  return id;
}

Version Scene::version(const VersionId& id) {
  const View view = registry().read();
  const auto found = view->versions.find(id);
  REQUIRE(found);
  return *found;
}

}  // namespace keyrite::test
