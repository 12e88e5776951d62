// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands of docs/formats/certificate.md, as they stand there: openssl and python3 accept what
// keyrite accepts, and refuse what was changed.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "base/canonical_json.h"
#include "base/long_json.h"
#include "unit/certificate/destroyed_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

class Outside {
 public:
  explicit Outside(const DestroyedScene& scene) : scene_(scene) {
    const auto& shop = scene.shop();
    shop.must("mkdir outside && python3 " KEYRITE_SOURCE_DIR
              "/tests/unit/certificate/commands.py " KEYRITE_SOURCE_DIR
              "/docs/formats/certificate.md > outside/commands.sh");
    shop.put("outside/vkey", as_bytes(scene.vkey().text() + "\n"));
  }
  // What the first command prints; "" when either of them refuses.
  [[nodiscard]] std::string says(const std::string& file) const {
    scene_.shop().must("rm -f outside/*.text outside/*.sig");
    scene_.shop().put("outside/certificate.json", as_bytes(file));
    const auto done = scene_.shop().run("cd outside && sh -e commands.sh 2>/dev/null");
    if (done.exit_code != 0) return "";
    return as_text(done.out).substr(0, as_text(done.out).find('\n'));
  }

 private:
  const DestroyedScene& scene_;
};

std::string changed(const std::string& file, const std::function<void(Json&)>& change) {
  Json json = parse_long_json(as_bytes(file), "a certificate", certificate::kLongest);
  change(json);
  return canonical_json(json) + "\n";
}

TEST_CASE("openssl and python3 accept a certificate, and an interim statement") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.wrap_for("aws", "2026-12-01T00:00:00Z");
  scene.place("deleted");
  scene.condemn();
  scene.destroy();
  Outside outside(scene);
  CHECK(outside.says(scene.file(scene.document())) == "interim-statement");
  scene.close();
  CHECK(outside.says(scene.file(scene.document({.tenant = "Ac\u00e9me", .keys = {}}))) ==
        "certificate");
}

TEST_CASE("openssl and python3 refuse a certificate that was changed") {
  DestroyedScene scene;
  scene.shred();
  const std::string file = scene.file(scene.document());
  const Outside outside(scene);
  REQUIRE(outside.says(file) == "certificate");
  const auto refused = [&](const std::function<void(Json&)>& change) {
    CHECK(outside.says(changed(file, change)).empty());
  };
  refused([](Json& json) { json["kind"] = "interim-statement"; });
  refused([](Json& json) { json["statement"]["proven"][0] = "All is well."; });
  refused([](Json& json) { json["names"]["tenant"] = "Another"; });
  refused([](Json& json) { json["entries"][3]["proof"].erase(0); });
  refused([](Json& json) { json["entries"].erase(5); });
  refused([](Json& json) { json["signatures"] = Json::array(); });
  refused([](Json& json) {
    auto text = json["checkpoint"].get<std::string>();
    text[text.find("\n12\n") + 1] = '2';
    json["checkpoint"] = text;
  });
  CHECK(outside.says(file + "\n").empty());
  DestroyedScene other;
  other.shred();
  CHECK(outside.says(other.file(other.document())).empty());
}

TEST_CASE("python3 finds a claim that its entry does not have, whoever signed it") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy("still-there");
  const std::string file = scene.file(scene.document());
  const Outside outside(scene);
  const auto refused = [&](const std::function<void(Json&)>& change) {
    Json json = parse_long_json(as_bytes(file), "a certificate", certificate::kLongest);
    change(json);
    json.erase("signatures");
    const auto document = certificate::read_document(file, "a file");
    CHECK(outside.says(scene.signed_file(canonical_json(json), document)).empty());
  };
  refused([](Json& json) { json["claims"]["runs"][0]["looks"][0]["outcome"] = "absent"; });
  refused([](Json& json) { json["claims"]["versions"][0]["state"] = "destroyed"; });
  refused([](Json& json) { json["claims"]["versions"][0]["copies"][0]["state"] = "destroyed"; });
  refused([](Json& json) { json["claims"]["decisions"][0]["approved_by"].push_back("eve"); });
  refused([](Json& json) { json["claims"]["decisions"][0]["deks"] = 11; });
  refused([](Json& json) { json["claims"]["runs"][0]["token"]["serial"] = "another"; });
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
