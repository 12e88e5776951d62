// The bill of materials: valid by CycloneDX's own schema, for every type, usage and state, and true
// to the registry.
#include "inventory/cbom.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/key_type.h"
#include "inventory/internal/cbom_algorithm.h"
#include "registry/scene.h"
#include "support/command.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

struct Materials {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};

  [[nodiscard]] Json bom() {
    const View view = scene.registry().read();
    const Stores& stores = *view.operator->();
    return inventory::cbom_of(stores, inventory::held_keys(stores, std::nullopt),
                              {.tool_version = "keyrite 1",
                               .origin = kLog,
                               .position = stores.log.position(kLog),
                               .now = at_day(20500)});
  }
  std::string key_of(const std::string& tenant, const KeyType& type, Usage usage) {
    const std::string id = scene.fresh();
    scene.file([&](Stores& stores, const std::string& batch) {
      stores.keys.add({.id = id,
                       .tenant = tenant,
                       .name = type.name() + " " + std::string(word(usage)),
                       .type = type.name(),
                       .usage = usage,
                       .batch = batch});
    });
    return id;
  }
  // What python3's jsonschema says of it under the published schema: nothing.
  void require_valid(const Json& document) const {
    const auto schema = vectors("cyclonedx/bom-1.6.schema.json");
    if (!schema) return;
    const std::string text = dump_json(document);
    (void)shop.put("bom.json", as_bytes(text));
    CHECK(as_text(shop.must("python3 " KEYRITE_SOURCE_DIR "/tests/support/cyclonedx_check.py " +
                            schema->parent_path().native() + " bom.json")) == "");
  }
};

const Json& component(const Json& bom, const std::string& ref) {
  const auto& all = bom.at("components");
  const auto found =
      std::ranges::find_if(all, [&](const Json& one) { return one.at("bom-ref") == ref; });
  REQUIRE(found != all.end());
  return *found;
}

TEST_CASE("Every type with every usage is a component that the schema of CycloneDX 1.6 takes") {
  Materials site;
  const std::string tenant = site.scene.tenant("Acme");
  for (const auto& type : all_key_types()) {
    for (const auto usage :
         {Usage::kWrap, Usage::kEncrypt, Usage::kSign, Usage::kMac, Usage::kDerive})
      (void)site.scene.waiting(site.key_of(tenant, type, usage));
  }
  const Json bom = site.bom();
  CHECK(bom["components"].size() == all_key_types().size() * 10);
  site.require_valid(bom);
}

TEST_CASE("A version has the state of SP 800-57, its dates, and the entry that made it so") {
  Materials site;
  const std::string key = site.scene.key(site.scene.tenant("Acme"));
  const VersionId first = site.scene.active(key);
  site.scene.move(first, VersionState::kSuspended);
  site.scene.move(first, VersionState::kDeactivated);
  site.scene.move(first, VersionState::kCompromised);
  site.scene.move(first, VersionState::kDestroyed);
  const VersionId second = site.scene.active(key);
  (void)site.scene.waiting(key);
  const Json bom = site.bom();
  site.require_valid(bom);
  const auto material = [&](std::int64_t number) {
    return component(bom, "key/" + key + "/" + std::to_string(number))
        .at("cryptoProperties")
        .at("relatedCryptoMaterialProperties");
  };
  CHECK(material(1)["state"] == "destroyed");
  CHECK(material(1).contains("activationDate"));
  CHECK_FALSE(material(1).contains("expirationDate"));
  CHECK(material(second.number)["state"] == "active");
  CHECK(material(2)["size"] == 256);
  CHECK(material(2)["type"] == "secret-key");
  CHECK(material(2).contains("expirationDate"));
  CHECK(material(3)["state"] == "pre-activation");
  CHECK_FALSE(material(3).contains("activationDate"));
  CHECK(material(2)["id"] == to_hex(site.scene.version(second).cka_id));
  CHECK(component(bom, "algorithm/aes-256/wrap")["name"] == "aes-256");
  const auto& properties = component(bom, "key/" + key + "/1")["properties"];
  CHECK(properties[0] == Json{{"name", "keyrite:tenant"}, {"value", "Acme"}});
  CHECK(bom["metadata"]["properties"][0]["value"] == std::to_string(site.scene.log_size()));
}

TEST_CASE("The bits of a curve are those of its field") {
  CHECK(inventory::key_bits(parse_key_type("ec-p521")) == 521);
  CHECK(inventory::key_bits(parse_key_type("ec-p384")) == 384);
  CHECK(inventory::key_bits(parse_key_type("ed25519")) == 256);
  CHECK(inventory::key_bits(parse_key_type("generic-secret-32-bytes")) == 256);
  CHECK(inventory::key_bits(parse_key_type("rsa-3072")) == 3072);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
