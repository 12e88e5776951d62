// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/asked_request.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using act::asked_request;
using act::Intent;

// Gives each name its own pseudonym, in the order in which they come.
struct Registry {
  std::map<std::string, std::string> known{};
  std::string operator()(const std::string& name) {
    return known.try_emplace(name, "p" + std::to_string(known.size() + 1)).first->second;
  }
};

Intent intent() {
  return {.act = "wrap-for-import",
          .also = {"trust-wrapping-key"},
          .request = {{.name = "label", .value = "acme \u00fc", .is_name = true},
                      {.name = "force", .value = true}},
          .inputs = {{.name = "cloud_key", .value = Json{"one", "two"}, .is_name = true},
                     {.name = "algorithm", .value = "RSAES_OAEP_SHA_256"}},
          .label = "acme \u00fc",
          .outputs = {"out/../bundle"}};
}

TEST_CASE("A request is in pseudonyms, and names.json can give each name back") {
  const auto asked = asked_request(intent(), Registry());
  CHECK(asked.json["request"]["label"] == asked.key);
  CHECK(asked.json["request"]["force"] == true);
  CHECK(asked.json["inputs"]["algorithm"] == "RSAES_OAEP_SHA_256");
  REQUIRE(asked.json["inputs"]["cloud_key"].size() == 2);
  CHECK(asked.names.at(asked.json["inputs"]["cloud_key"][0].get<std::string>()) == "one");
  CHECK(asked.names.at(asked.json["inputs"]["cloud_key"][1].get<std::string>()) == "two");
  CHECK(asked.names.at(asked.key) == "acme \u00fc");
  const auto output = asked.json["outputs"][0].get<std::string>();
  CHECK(asked.names.at(output) == (std::filesystem::current_path() / "bundle").native());
  for (const auto& name : {"acme", "one", "two", "bundle"})
    CHECK_MESSAGE(asked.text().find(name) == std::string::npos, name);
}

TEST_CASE("The request's text is the form that python3 writes with sorted keys, and its SHA-256") {
  const Workshop shop;
  const auto asked = asked_request(intent(), Registry());
  shop.put("request.json", as_bytes(asked.text()));
  const auto sorted = shop.must(
      "python3 -c 'import json; print(json.dumps(json.load(open(\"request.json\")), "
      "sort_keys=True, separators=(\",\", \":\"), ensure_ascii=False), end=\"\")'");
  CHECK(as_text(sorted) == asked.text());
  const auto digest = shop.must("sha256sum request.json | cut -c1-64 | tr -d '\\n'");
  CHECK(as_text(digest) == asked.sha256());
}

TEST_CASE("Each part of an intent is in the request's hash") {
  const std::string whole = asked_request(intent(), Registry()).sha256();
  const auto changed = [&](const auto& change) {
    Intent other = intent();
    change(other);
    return asked_request(other, Registry()).sha256();
  };
  CHECK(changed([](Intent&) {}) == whole);
  CHECK(changed([](Intent& one) { one.act = "generate-kek"; }) != whole);
  CHECK(changed([](Intent& one) { one.also.clear(); }) != whole);
  CHECK(changed([](Intent& one) { one.request.pop_back(); }) != whole);
  CHECK(changed([](Intent& one) { one.request[1].value = false; }) != whole);
  CHECK(changed([](Intent& one) { one.inputs[1].value = "RSAES_OAEP_SHA_1"; }) != whole);
  CHECK(changed([](Intent& one) { one.outputs.clear(); }) != whole);
}

TEST_CASE("Two names under one pseudonym are refused: approvers would read the one as the other") {
  const auto failure =
      failure_of([] { (void)asked_request(intent(), [](const auto&) { return "same"; }); });
  CHECK(failure.code == "pseudonym-shared");
  CHECK(failure.kind == Kind::kVerification);
}

TEST_CASE("What looks like a pseudonym stands in clear only in members that have ids") {
  const std::string id(32, 'a');
  const auto asked = [&](const std::string& member, const Json& value) {
    return asked_request({.act = "act", .inputs = {{.name = member, .value = value}}}, Registry());
  };
  for (const char* member : {"id", "ids", "key_id", "tenant_id", "destination_ids", "waive",
                             "step.12.keys", "step.3.id"}) {
    CAPTURE(member);
    CHECK(act::has_ids(member));
    CHECK(asked(member, Json{id}).json["inputs"][member] == Json{id});
  }
  for (const char* member :
       {"keys", "cloud_key", "step.3", "step.3.title", "step.keys", "bind.id"}) {
    CAPTURE(member);
    CHECK_FALSE(act::has_ids(member));
    CHECK(failure_of([&] { (void)asked(member, id); }).code == "field-not-listed");
    CHECK(failure_of([&] { (void)asked(member, Json{"one", id}); }).code == "field-not-listed");
    CHECK(asked(member, std::string(64, 'a')).json["inputs"][member] == std::string(64, 'a'));
  }
}

TEST_CASE("A label that the run makes up is in the entry, and is not what is approved") {
  Intent made = intent();
  made.request = {{.name = "tenant", .value = "Acme", .is_name = true}};
  const auto asked = asked_request(made, Registry());
  CHECK(asked.key == "");
  CHECK(asked.label != "");
  CHECK_FALSE(asked.names.contains(asked.label));
  CHECK(asked_request(intent(), Registry()).label == asked_request(intent(), Registry()).key);
}

TEST_CASE("What differs between two requests is told by its member") {
  const Json one{{"act", "a"}, {"request", {{"label", "p1"}, {"force", true}}}};
  Json other = one;
  CHECK(act::differing_members(one, other).empty());
  other["request"]["label"] = "p2";
  CHECK(act::differing_members(one, other) == "--label");
  other["inputs"] = Json::object();
  other["request"].erase("force");
  CHECK(act::differing_members(one, other) == "inputs, --force, --label");
  CHECK(act::differing_members({{"a\x1b", 1}}, Json::object()) == R"(a\x1b)");
}

TEST_CASE("Of two import parameters the one that ends first is the end") {
  const auto end = [](const Json& inputs) { return act::end_of_parameters({{"inputs", inputs}}); };
  CHECK_FALSE(end(Json::object()));
  CHECK(end({{"parameters_valid_to", "2026-03-02T00:00:00Z"},
             {"verification_parameters_valid_to", "2026-03-01T00:00:00Z"}}) ==
        parse_rfc3339("2026-03-01T00:00:00Z", "test"));
  CHECK(end({{"parameters_valid_to", "2026-03-02T00:00:00.9Z"}}) ==
        parse_rfc3339("2026-03-02T00:00:00Z", "test"));
  CHECK(failure_of([&] { (void)end({{"parameters_valid_to", "soon"}}); }).code == "not-a-time");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
