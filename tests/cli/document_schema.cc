// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/document_schema.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace keyrite::test {
namespace {

namespace fs = std::filesystem;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

fs::path folder() { return KEYRITE_SOURCE_DIR "/docs/formats/schemas"; }

nlohmann::json text_of(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return nlohmann::json::parse(text);
}

const valijson::Schema& schema_named(const std::string& name) {
  static std::map<std::string, std::unique_ptr<valijson::Schema>> known;
  auto& schema = known[name];
  if (!schema) {
    schema = std::make_unique<valijson::Schema>();
    const auto text = text_of(folder() / (name + ".schema.json"));
    valijson::SchemaParser parser;
    parser.populateSchema(Adapter(text), *schema);
  }
  return *schema;
}

std::string objection(const valijson::Schema& schema, const nlohmann::json& value) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, Adapter(value), &results)) return {};
  std::string text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const auto& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text.empty() ? "refused" : text;
}

// By the tool whose documents they are of.
std::vector<std::string> schemas_of(const std::string& tool) {
  std::vector<std::string> names;
  const auto table = text_of(folder() / "documents.json");
  for (const auto& [name, row] : table.at("documents").items()) {
    // "": of every tool.
    if (row.at("tool") == tool || row.at("tool") == "") names.push_back(name);
  }
  return names;
}

}  // namespace

std::string schema_objection(const std::string& schema, const Json& value) {
  return objection(schema_named(schema), nlohmann::json::parse(value.dump()));
}

std::string document_objection(const Json& document) {
  const auto value = nlohmann::json::parse(document.dump());
  std::string all;
  for (const auto& name : schemas_of(document.at("keyrite").get<std::string>())) {
    const std::string one = objection(schema_named(name), value);
    if (one.empty()) return {};
    all += fmt::format("{}: {}\n", name, one);
  }
  return all.empty() ? "no schema is of this tool" : all;
}

}  // namespace keyrite::test
