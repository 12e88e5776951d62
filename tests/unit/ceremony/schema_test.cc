// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/formats/ceremony.schema.json: what the tables of the code say, what the reader takes, and
// what python3's jsonschema says of files.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/toml.h"
#include "ceremony/file.h"
#include "ceremony/model.h"
#include "ceremony/step_acts.h"
#include "support/command.h"
#include "unit/ceremony/pages.h"
#include "unit/ceremony/schema_of_tables.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

fs::path schema_path() {
  return fs::path(KEYRITE_SOURCE_DIR) / "docs/formats/ceremony.schema.json";
}

TEST_CASE("The schema is what the tables of the code say") {
  const std::string text = schema_of_tables().dump(1) + "\n";
  const char* write = std::getenv("KEYRITE_WRITE_GOLDEN");
  if (write != nullptr && std::string(write) == "1") {
    fs::remove(schema_path());
    write_new_file(schema_path().native(), as_bytes(text));
  }
  INFO("KEYRITE_WRITE_GOLDEN=1 ctest --preset ci -R ceremony writes it anew");
  CHECK(as_text(read_file(schema_path().native())) == text);
}

// Prints what the schema says against each NAME.json in the folder.
constexpr const char* kCheck = R"py(
import json, sys, jsonschema
from pathlib import Path
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
check = jsonschema.Draft7Validator(schema)
for path in sorted(Path(".").glob("*.json")):
    for one in check.iter_errors(json.loads(path.read_text())):
        print(path.stem, "/".join(map(str, one.absolute_path)), one.message.split("\n")[0][:90])
)py";

std::string complaints(const Workshop& shop) {
  (void)shop.put("check.py", as_bytes(kCheck));
  return as_text(shop.must("python3 check.py " + schema_path().native()));
}

void put_as_json(const Workshop& shop, const fs::path& toml) {
  const auto json = parse_toml(read_file(toml.native()), toml.native());
  (void)shop.put(toml.stem().native() + ".json", as_bytes(json.dump()));
}

TEST_CASE("jsonschema takes each shipped ceremony, and one with every field") {
  const Workshop shop;
  for (const auto& path : shipped_ceremonies()) put_as_json(shop, path);
  put_as_json(shop, fs::path(KEYRITE_SOURCE_DIR) / "tests/unit/ceremony/every-step.toml");
  CHECK(complaints(shop) == "");
}

TEST_CASE("jsonschema refuses what the reader refuses") {
  const Workshop shop;
  const auto base = parse_toml(read_file(KEYRITE_SOURCE_DIR "/tests/unit/ceremony/every-step.toml"),
                               "every-step.toml");
  const auto changed = [&](const char* name, const char* pointer, const Json& value) {
    Json json = base;
    json[Json::json_pointer(pointer)] = value;
    (void)shop.put(std::string(name) + ".json", as_bytes(json.dump()));
  };
  changed("1", "/titel", "a");
  changed("2", "/version", 2);
  changed("3", "/role/0/people", 51);
  changed("4", "/step/0/kind", "confrm");
  changed("5", "/step/0/form", "text");
  changed("6", "/step/2/act", "generate-key");
  changed("7", "/step/2/with/lable", "a");
  changed("8", "/step/1/words", "a");
  changed("9", "/rehearsal/0/with/nam", "a");
  const auto text = complaints(shop);
  for (const char* name : {"1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "8 ", "9 "}) {
    CAPTURE(name);
    CHECK(("\n" + text).find("\n" + std::string(name)) != std::string::npos);
  }
}

// The names that the reader asks for, as they stand in its source: no table has them.
constexpr const char* kNames = R"py(
import json, re, sys
from pathlib import Path
room = Path(sys.argv[1]) / "lib/ceremony"
source = "".join((room / name).read_text() for name in ("file.cc", "internal/step_reading.cc"))
asked = set(re.findall(r'\.(?:text|line|word|number|flag|texts|tables|table|choice)\(\s*"(\w+)"', source))
asked |= set(re.findall(r'read_(?:each<\w+>|steps|setups)\(\w+, "(\w+)"', source))
schema = json.load(open(Path(sys.argv[1]) / "docs/formats/ceremony.schema.json"))
told = set(schema["properties"])
for definition in schema["definitions"].values():
    told |= set(definition["properties"])
print(sorted(asked ^ told))
page = (Path(sys.argv[1]) / "docs/formats/ceremony.md").read_text()
print([name for name in sorted(told) if f"`{name}`" not in page])
acts = schema["definitions"]["step"]["properties"]["act"]["enum"]
print([act for act in acts if f"`{act}`" not in page])
)py";

TEST_CASE("Schema and page have each field that the reader asks for, and no other") {
  const Workshop shop;
  (void)shop.put("names.py", as_bytes(kNames));
  CHECK(as_text(shop.must("python3 names.py " KEYRITE_SOURCE_DIR)) == "[]\n[]\n[]\n");
}

TEST_CASE("The example of the page is a ceremony, by reader and schema") {
  const Workshop shop;
  const auto page = as_text(read_file(KEYRITE_SOURCE_DIR "/docs/formats/ceremony.md"));
  const auto begin = page.find("```toml\n") + 8;
  const auto example = page.substr(begin, page.find("```\n", begin) - begin);
  const auto ceremony = ceremony::read_ceremony(as_bytes(example), "example");
  CHECK(ceremony.steps.size() == 4);
  (void)shop.put("example.json", as_bytes(parse_toml(as_bytes(example), "example").dump()));
  CHECK(complaints(shop) == "");
}

TEST_CASE("The page says of each kind, word and output what the code has") {
  const auto page = as_text(read_file(KEYRITE_SOURCE_DIR "/docs/formats/ceremony.md"));
  const auto named = [&](std::string_view word) {
    CAPTURE(word);
    CHECK(page.find("`" + std::string(word) + "`") != std::string::npos);
  };
  for (const auto word : ceremony::kStepKindWords) named(word);
  for (const auto word : ceremony::kInputKindWords) named(word);
  for (const auto word : ceremony::kBoundWhenWords) named(word);
  for (const auto word : ceremony::kOnFailureWords) named(word);
  for (const auto word : ceremony::kCheckInWords) named(word);
  for (const auto& row : ceremony::step_acts()) {
    for (const auto& output : row.outputs) named(output.name);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
