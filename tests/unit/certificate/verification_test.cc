// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is done to a certificate, and by which code each of it is refused.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "base/canonical_json.h"
#include "base/long_json.h"
#include "support/sanitizers.h"
#include "unit/certificate/destroyed_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The file with one thing changed, in canonical form; its signature is that of before.
std::string changed(const std::string& file, const std::function<void(Json&)>& change) {
  Json json = parse_long_json(as_bytes(file), "a certificate", certificate::kLongest);
  change(json);
  return canonical_json(json) + "\n";
}

// The same, signed anew by the log's key: by an issuer who says more than the log.
std::string signed_anew(const DestroyedScene& scene, const std::string& file,
                        const std::function<void(Json&)>& change) {
  Json json = parse_long_json(as_bytes(file), "a certificate", certificate::kLongest);
  change(json);
  json.erase("signatures");
  return scene.signed_file(canonical_json(json), certificate::read_document(file, "a file"));
}

TEST_CASE("A certificate reads back, and names who signed it") {
  DestroyedScene scene;
  scene.shred();
  const std::string file = scene.file(scene.document({.tenant = "Acme", .keys = {}}));
  const auto verified = scene.verified(file);
  CHECK(verified.vkeys == std::vector<std::string>{scene.vkey().text()});
  CHECK(verified.checkpoint.head.size == 12);
  CHECK(verified.document.names.tenant == "Acme");
}

TEST_CASE("Facts in a side file are in the certificate, and bound by their SHA-256") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy();
  Json looks = Json::array();
  for (int i = 0; i < 60; ++i)
    looks.push_back(
        {{"key", kKeyId}, {"number", 1}, {"outcome", "absent"}, {"canary", "not-tried"}});
  scene.tell("shred-destroy", {{"objects_seen", 3}, {"versions", looks}});
  scene.close();
  const std::string file = scene.file(scene.document());
  CHECK(scene.verified(file).statement.kind == "certificate");
  CHECK(scene.refusal(signed_anew(scene, file, [](Json& json) {
    for (auto& entry : json["entries"]) {
      if (entry.contains("facts")) entry["facts"] = "{}";
    }
  })) == "destruction-facts");
}

// Every fourth byte, from `first` on: all of them would be one long test.
void change_bytes(std::size_t first) {
  constexpr std::size_t kStep = 4;
  DestroyedScene scene;
  scene.shred();
  const std::string file = scene.file(scene.document());
  REQUIRE(scene.refusal(file).empty());
  for (std::size_t i = first; i < file.size(); i += kSanitized ? 16 * kStep : kStep) {
    std::string other = file;
    other[i] = static_cast<char>(other[i] ^ 1);
    if (scene.refusal(other).empty()) FAIL_CHECK("byte " << i << " may be changed");
  }
  CHECK(!scene.refusal(file.substr(0, file.size() - 1)).empty());
  CHECK(!scene.refusal(file + " ").empty());
}

TEST_CASE("Each byte of a certificate that is changed is noticed: first quarter") {
  change_bytes(0);
}
TEST_CASE("Each byte of a certificate that is changed is noticed: second quarter") {
  change_bytes(1);
}
TEST_CASE("Each byte of a certificate that is changed is noticed: third quarter") {
  change_bytes(2);
}
TEST_CASE("Each byte of a certificate that is changed is noticed: last quarter") {
  change_bytes(3);
}

TEST_CASE("A certificate that says more than its entries is refused, whoever signed it") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy("still-there");
  const std::string file = scene.file(scene.document());
  const auto says_else = [&](const std::function<void(Json&)>& change) {
    CHECK(scene.refusal(signed_anew(scene, file, change)) == "destruction-says-else");
  };
  says_else([](Json& json) { json["kind"] = "certificate"; });
  says_else([](Json& json) { json["statement"]["pending"] = Json::array(); });
  says_else([](Json& json) { json["statement"]["proven"].push_back("All is well."); });
  says_else([](Json& json) { json["statement"]["not_proven"].erase(0); });
  says_else([](Json& json) { json["claims"]["runs"][0]["looks"][0]["outcome"] = "absent"; });
  says_else([](Json& json) { json["claims"]["versions"][0]["state"] = "destroyed"; });
  says_else([](Json& json) { json["claims"]["decisions"][0]["approved_by"].push_back("eve"); });
  says_else([](Json& json) { json["claims"]["more"] = 1; });
}

TEST_CASE("An entry that the log does not have there is refused") {
  DestroyedScene scene;
  scene.shred();
  const std::string file = scene.file(scene.document());
  const auto refused = [&](const char* code, const std::function<void(Json&)>& change) {
    CAPTURE(code);
    CHECK(scene.refusal(signed_anew(scene, file, change)) == code);
  };
  refused("destruction-entry", [](Json& json) {
    auto line = json["entries"][7]["line"].get<std::string>();
    line.replace(line.find("olga"), 4, "oleg");
    json["entries"][7]["line"] = line;
  });
  refused("destruction-entry", [](Json& json) { json["entries"][3]["proof"].erase(0); });
  refused("destruction-entry", [](Json& json) { json["entries"][11]["index"] = 12; });
  refused("destruction-invalid",
          [](Json& json) { json["entries"][3]["index"] = json["entries"][2]["index"]; });
  refused("destruction-invalid", [](Json& json) { json["entries"][3]["proof"][0] = "AAAA"; });
  refused("not-base64", [](Json& json) { json["entries"][3]["proof"][0] = "?"; });
}

TEST_CASE("An entry that is left out makes it say something else") {
  DestroyedScene scene;
  scene.shred();
  scene.destroy("still-there", "not-tried", kSerial, 1);
  const std::string file = scene.file(scene.document());
  CHECK(scene.refusal(signed_anew(scene, file, [](Json& json) { json["entries"].erase(13); })) ==
        "destruction-says-else");
}

TEST_CASE("A decision that no entry names is refused") {
  DestroyedScene scene;
  scene.shred();
  scene.place("serving");
  (void)scene.decide_destination();
  const auto document = scene.document({}, {R"({"content":{"provider":"google"}})"});
  CHECK(scene.refusal(scene.file(document)) == "destruction-decision");
}

TEST_CASE("Signatures: of another key, over something else, none") {
  DestroyedScene scene;
  scene.shred();
  DestroyedScene other;
  other.shred();
  const std::string file = scene.file(scene.document());
  CHECK(scene.refusal(other.file(other.document())) == "note-unsigned");
  // The document of another issue: signed by the log's key, over other bytes.
  auto later = scene.document();
  later.issued = "2026-11-30T00:00:00Z";
  const std::string second = scene.file(later);
  CHECK(scene.refusal(changed(file, [&](Json& json) {
    json["signatures"] = parse_long_json(as_bytes(second), "", certificate::kLongest)["signatures"];
  })) == "destruction-signature");
  CHECK(scene.refusal(changed(file, [](Json& json) { json["signatures"] = Json::array(); })) ==
        "destruction-invalid");
  CHECK(scene.refusal(changed(file, [](Json& json) { json["origin"] = "acme.example/other"; })) ==
        "destruction-says-else");
}

TEST_CASE("A vouch that is not of the log's key is refused, and so is a file of another form") {
  DestroyedScene scene;
  scene.shred();
  const std::string file = scene.file(scene.document());
  const auto refused = [&](const char* code, const std::string& other) {
    CAPTURE(code);
    CHECK(scene.refusal(other) == code);
  };
  refused("json-invalid", "not JSON");
  refused("destruction-format", changed(file, [](Json& json) { json["format"] = "keyrite-site"; }));
  refused("destruction-version", changed(file, [](Json& json) { json["version"] = 2; }));
  refused("destruction-unknown-field", changed(file, [](Json& json) { json["more"] = 1; }));
  refused("json-missing-field", changed(file, [](Json& json) { json.erase("scope"); }));
  refused("json-wrong-type", changed(file, [](Json& json) { json["entries"] = 1; }));
  refused("destruction-invalid",
          changed(file, [](Json& json) { json["scope"]["tenant"] = "abcd"; }));
  refused("destruction-invalid",
          changed(file, [](Json& json) { json["issued"] = "2026-11-29T13:00:00+00:00"; }));
  refused("destruction-signature",
          changed(file, [](Json& json) { json["claims"] = Json::object(); }));
  std::string with_float = file;
  with_float.replace(with_float.find("\"version\":1}"), 13, "\"version\":1,\"x\":0.5}");
  refused("destruction-unknown-field", with_float);
  with_float = file;
  with_float.replace(with_float.find("\"deks\":12"), 9, "\"deks\":1.5");
  refused("destruction-invalid", with_float);
  refused("destruction-says-else",
          dump_json(parse_long_json(as_bytes(file), "", certificate::kLongest)));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
