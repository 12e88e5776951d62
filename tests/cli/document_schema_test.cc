// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The schemas take what is documented, and nothing with a field less, a field more or another type.
// What programs print is held to them where it is compared with the documents (document_shape.cc).
#include "cli/document_schema.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "cli/document_shape.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Json table() {
  std::ifstream file(KEYRITE_SOURCE_DIR "/docs/formats/schemas/documents.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return parse_json(as_bytes(text), "documents.json");
}

// The names of the examples of docs/formats/json.md.
std::set<std::string> documented() {
  std::ifstream file(KEYRITE_SOURCE_DIR "/docs/formats/json.md");
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```json ")) names.insert(line.substr(std::string("```json ").size()));
  }
  return names;
}

// Every object in a value, by its pointer, with the names of its fields.
void each_object(const Json& value, const Json::json_pointer& at,
                 const std::function<void(const Json::json_pointer&, const Json&)>& take) {
  if (value.is_object()) {
    take(at, value);
    for (const auto& [name, inner] : value.items()) each_object(inner, at / name, take);
  }
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) each_object(value[i], at / i, take);
  }
}

TEST_CASE("Each documented document has a schema, and each schema is of documented ones") {
  std::set<std::string> listed;
  const Json rows = table();
  for (const auto& [name, row] : rows["documents"].items()) {
    for (const auto& example : row["examples"]) listed.insert(example.get<std::string>());
  }
  for (const auto& example : rows["error"]["examples"]) listed.insert(example.get<std::string>());
  CHECK(listed == documented());
}

TEST_CASE("Every example is taken by the schema of its document") {
  const Json rows = table();
  for (const auto& [name, row] : rows["documents"].items()) {
    for (const auto& example : row["examples"]) {
      CAPTURE(example);
      CHECK(schema_objection(name, documented_example(example)).empty());
    }
    // An error may come from every tool.
    Json error = documented_example("error-ckr");
    if (row["tool"] != "") error["keyrite"] = row["tool"];
    CHECK(schema_objection(name, error).empty());
  }
}

// The envelope, whose fields all documents have: nothing of it is optional or open.
TEST_CASE("A document with a part less, more or of another type is refused") {
  const Json rows = table();
  for (const auto& [name, row] : rows["documents"].items()) {
    for (const auto& example : row["examples"]) {
      CAPTURE(example);
      const Json whole = documented_example(example);
      for (const auto& [field, value] : whole.items()) {
        CAPTURE(field);
        Json less = whole;
        less.erase(field);
        CHECK_FALSE(schema_objection(name, less).empty());
        Json other = whole;
        other[field] = 17.5;
        CHECK_FALSE(schema_objection(name, other).empty());
      }
      Json more = whole;
      more["unheard-of"] = 1;
      CHECK_FALSE(schema_objection(name, more).empty());
      Json both = whole;
      both["error"] = documented_example("error")["error"];
      CHECK_FALSE(schema_objection(name, both).empty());
    }
  }
}

TEST_CASE("Deep in a document too: a field more, less or of another type") {
  struct Deep {
    const char* schema;
    const char* example;
    const char* object;
    const char* field;
  };
  for (const auto& [schema, example, object, field] : std::vector<Deep>{
           {"generate-kek", "generate-kek-result", "/result", "label"},
           {"generate-kek", "generate-kek-result", "/result/check_values/0", "value"},
           {"wrap-for-import", "wrap-for-import-result", "/result/bundles/0", "custody"},
           {"wrap-for-import", "wrap-for-import-plan", "/plan/bundles/0/self_test", "outcome"},
           {"verify-import-answers", "verify-import-answers-result", "/result", "verdict"},
           {"transcript-verify", "transcript-verify-result", "/result", "unsigned_entries"},
           {"rotate", "rotate-result", "/result/keys/0", "tenant"}}) {
    CAPTURE(example);
    CAPTURE(object);
    const Json::json_pointer at(object);
    const Json whole = documented_example(example);
    REQUIRE(whole.contains(at / std::string(field)));
    Json less = whole;
    less[at].erase(field);
    CHECK_FALSE(schema_objection(schema, less).empty());
    Json other = whole;
    other[at][field] = Json{{"a", "b"}};
    CHECK_FALSE(schema_objection(schema, other).empty());
    Json more = whole;
    more[at]["unheard-of"] = 1;
    CHECK_FALSE(schema_objection(schema, more).empty());
  }
}

TEST_CASE("No object of an example takes a field that nobody heard of, but those of free names") {
  const Json rows = table();
  for (const auto& [name, row] : rows["documents"].items()) {
    std::set<std::string> open;
    const Json also = row.value("also", Json::object());
    for (const auto& [path, types] : also.items()) {
      const auto star = path.find(".*");
      if (star != std::string::npos) open.insert(path.substr(0, star));
    }
    for (const auto& example : row["examples"]) {
      const Json whole = documented_example(example);
      each_object(whole, Json::json_pointer(), [&](const Json::json_pointer& at, const Json&) {
        // "/result/keys/0" as documents.json has it: "result.keys[]".
        std::string path;
        const std::string text = at.to_string();
        for (std::size_t i = 1; i < text.size();) {
          const auto end = std::min(text.find('/', i), text.size());
          const std::string part = text.substr(i, end - i);
          const bool index = part.find_first_not_of("0123456789") == std::string::npos;
          path += index ? "[]" : (path.empty() ? "" : ".") + part;
          i = end + 1;
        }
        CAPTURE(example);
        CAPTURE(path);
        if (std::ranges::any_of(open, [&](const auto& one) { return path.starts_with(one); }))
          return;
        Json more = whole;
        more[at]["unheard-of"] = Json::array({1});
        CHECK_FALSE(schema_objection(name, more).empty());
      });
    }
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
