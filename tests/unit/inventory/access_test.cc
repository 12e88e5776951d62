// What access tells of a key.
#include "inventory/access.h"

#include <doctest/doctest.h>

#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

struct Accessed {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};
  std::string tenant{scene.tenant("Acme")};
  std::string key{scene.key(tenant)};

  [[nodiscard]] Json access(const KeyPolicy& policy = {}) {
    const View view = scene.registry().read();
    return inventory::access_json(*view.operator->(),
                                  inventory::held_keys(*view.operator->(), tenant).at(0), policy);
  }
};

TEST_CASE("What a version may do follows from its state and the key's policy") {
  Accessed site;
  const VersionId version = site.scene.active(site.key);
  CHECK(site.access()["versions"][0]["may"] == Json{"prove", "wrap", "unwrap", "rewrap"});
  site.scene.move(version, VersionState::kCompromised);
  CHECK(site.access()["versions"][0]["may"] == Json{"prove", "rewrap"});
  CHECK(site.access({.compromised = WhenCompromised::kRead})["versions"][0]["may"] ==
        Json{"prove", "unwrap", "rewrap"});
}

TEST_CASE("Holders of data keys and services with credentials are named, revoked ones are not") {
  Accessed site;
  const VersionId version = site.scene.active(site.key);
  Dek dek = site.scene.dek(site.tenant, version);
  dek.holder = "billing";
  site.scene.file([&](Stores& stores, const std::string& batch) {
    dek.batch = batch;
    stores.deks.add(dek);
  });
  const auto seal = [&](const char* service) {
    const std::string id = site.scene.fresh();
    const Dek under = site.scene.stored_dek(site.tenant, version);
    site.scene.file([&](Stores& stores, const std::string& batch) {
      Credential one{.id = id, .tenant = site.tenant, .dek = under.id, .owner = "Ada"};
      one.service = service;
      one.environment = "production";
      one.iv = Bytes(12, 1);
      one.sealed = Bytes(20, 2);
      one.batch = batch;
      stores.credentials.add(one);
    });
    return id;
  };
  static_cast<void>(seal("stripe"));
  const std::string gone = seal("github");
  site.scene.act([&](Stores& stores, const Mark& /*mark*/) {
    stores.credentials.revoke(gone, at_day(20001), 1);
  });
  const Json access = site.access();
  CHECK(access["versions"][0]["dek_holders"] == Json{"billing"});
  REQUIRE(access["versions"][0]["credentials"].size() == 1);
  CHECK(access["versions"][0]["credentials"][0]["service"] == "stripe");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
