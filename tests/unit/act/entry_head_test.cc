#include "act/entry_head.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/file.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The names of what is in a head, in the table's words.
void collect(const std::string& name, const Json& value, std::vector<std::string>& names) {
  if (!value.is_object()) {
    names.push_back(name);
    return;
  }
  for (const auto& [key, inner] : value.items()) collect(name + "." + key, inner, names);
}

TEST_CASE("What stands in an entry as it was found is in the table, and the table in site.md") {
  const Workshop shop;
  const std::string file = shop.put("file", {});
  act::Context context;
  context.program = file;
  context.tool_version = "keyrite 0";
  std::vector<std::string> names;
  collect("operator", act::operator_head(context), names);
  collect("token", act::token_head({}), names);
  pkcs11::ModuleInfo module;
  module.path = file;
  collect("module", act::module_head(module), names);
  collect("tool", act::tool_head(context), names);
  std::vector<std::string> table;
  const std::string page = as_text(read_file(KEYRITE_SOURCE_DIR "/docs/formats/site.md"));
  for (const auto& field : act::head_fields()) {
    table.emplace_back(field.name);
    const std::string row = "| `" + table.back() + "` | " + std::string(field.what) + " |";
    CHECK_MESSAGE(page.find(row) != std::string::npos, row);
  }
  std::sort(names.begin(), names.end());
  std::sort(table.begin(), table.end());
  CHECK(names == table);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
