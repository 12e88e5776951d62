// Files that name many tenants, keys or destinations at once: TOML with a list of tables, or JSON
// with an object on each line. keyrite reads and checks all of it before it writes anything. Reads
// files; one thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/intent.h"
#include "base/json.h"

namespace keyrite::inventory {

// One object of a file, which states its place in messages.
class Record {
 public:
  Record(Json object, std::string where) : object_(std::move(object)), where_(std::move(where)) {}
  // Error kConfig "records-unknown-field".
  void require_only(std::initializer_list<std::string_view> names) const;
  // Errors kConfig "json-missing-field", "json-wrong-type".
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(std::string_view name) const;
  // An object within; empty where there is none. Error kConfig "json-wrong-type".
  [[nodiscard]] Json object(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;  // absent: none

 private:
  [[nodiscard]] JsonView view() const { return {object_, where_}; }
  Json object_;
  std::string where_;
};

struct RecordFile {
  std::vector<Record> records{};
  std::string sha256{};
};
// `list`: the name of the TOML tables ("tenant"). A file whose name ends in ".toml" is TOML, every
// other is JSON lines. Errors: those of read_file, parse_toml and parse_json; kConfig
// "records-empty", "records-invalid", "records-too-many" (over 1,000).
[[nodiscard]] RecordFile read_records(const std::string& path, std::string_view list);

}  // namespace keyrite::inventory
