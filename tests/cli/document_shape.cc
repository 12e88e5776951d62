#include "cli/document_shape.h"

#include "cli/document_schema.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace keyrite::test {
namespace {

void add_shape(const Json& value, const std::string& path, std::set<std::string>& shape) {
  shape.insert(path + ": " + value.type_name());
  if (value.is_array()) {
    for (const auto& element : value) add_shape(element, path + "[]", shape);
  } else if (value.is_object()) {
    for (const auto& entry : value.items()) {
      const bool open = path.ends_with("attributes");
      add_shape(entry.value(), path + "." + (open ? std::string("*") : entry.key()), shape);
    }
  }
}

}  // namespace

std::set<std::string> document_shape(const Json& document) {
  // A whole document, and not a part of one.
  if (document.is_object() && document.contains("keyrite")) {
    const std::string objection = document_objection(document);
    CAPTURE(document.dump(1));
    CHECK(objection == "");
  }
  std::set<std::string> shape;
  add_shape(document, "", shape);
  return shape;
}

Json documented_example(const std::string& name) {
  std::ifstream file(std::string(KEYRITE_SOURCE_DIR) + "/docs/formats/json.md");
  REQUIRE(file.good());
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string fence = "```json " + name + "\n";
  const auto start = text.find(fence);
  REQUIRE(start != std::string::npos);
  const auto end = text.find("\n```", start);
  REQUIRE(end != std::string::npos);
  const std::string block = text.substr(start + fence.size(), end - start - fence.size());
  return parse_json(as_bytes(block), name);
}

}  // namespace keyrite::test
