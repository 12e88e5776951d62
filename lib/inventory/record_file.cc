#include "inventory/record_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"
#include "crypto/digest.h"

namespace keyrite::inventory {

namespace {

constexpr std::size_t kMaxRecords = 1'000;

[[noreturn]] void invalid(const std::string& path, std::string_view why, std::string_view list) {
  throw Error(
      Kind::kConfig, "records-invalid", fmt::format("{}: {}", printable(path), why),
      fmt::format("TOML has a table [[{}]] for each, a file of JSON lines an object on each "
                  "line",
                  list));
}

std::vector<Record> from_toml(const Bytes& content, const std::string& path,
                              std::string_view list) {
  const Json whole = parse_toml(content, path);
  if (whole.size() != 1 || !whole.contains(list) || !whole.at(list).is_array())
    invalid(path, fmt::format("there is something else than tables [[{}]]", list), list);
  std::vector<Record> records;
  for (const auto& one : whole.at(list)) {
    const std::string where = fmt::format("{}: {} {}", path, list, records.size() + 1);
    if (!one.is_object()) invalid(where, "this is not a table", list);
    records.emplace_back(one, where);
  }
  return records;
}

std::vector<Record> from_lines(const Bytes& content, const std::string& path,
                               std::string_view list) {
  std::vector<Record> records;
  std::string_view rest(reinterpret_cast<const char*>(content.data()), content.size());
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string where = fmt::format("{}:{}", path, line);
    if (end != 0) {
      Json object = parse_json(as_bytes(rest.substr(0, end)), where);
      if (!object.is_object()) invalid(where, "this is not an object", list);
      records.emplace_back(std::move(object), where);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return records;
}

}  // namespace

void Record::require_only(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : object_.items()) {
    if (std::ranges::find(names, std::string_view(name)) != names.end()) continue;
    throw Error(Kind::kConfig, "records-unknown-field",
                fmt::format("{} has a field \"{}\"", printable(where_), printable(name)),
                fmt::format("the fields are: {}", fmt::join(names, ", ")));
  }
}

std::string Record::text(std::string_view name) const { return view().text(name); }

std::optional<std::string> Record::optional_text(std::string_view name) const {
  return view().optional_text(name);
}

std::optional<std::int64_t> Record::optional_number(std::string_view name) const {
  const auto found = view().find(name);
  return found ? std::optional(found->integer()) : std::nullopt;
}

std::vector<std::string> Record::texts(std::string_view name) const {
  std::vector<std::string> texts;
  const auto found = view().find(name);
  if (!found) return texts;
  for (const auto& one : found->items()) texts.push_back(one.text());
  return texts;
}

Json Record::object(std::string_view name) const {
  const auto found = view().find(name);
  if (!found) return Json::object();
  if (found->is_object()) return found->raw();
  throw Error(Kind::kConfig, "json-wrong-type",
              fmt::format("{} is not an object", printable(found->where())),
              fmt::format("give the table {0} with its fields, such as {0}.NAME = VALUE", name));
}

RecordFile read_records(const std::string& path, std::string_view list) {
  const Bytes content = read_file(path);
  RecordFile file{.records = path.ends_with(".toml") ? from_toml(content, path, list)
                                                     : from_lines(content, path, list),
                  .sha256 = crypto::sha256_hex(content)};
  if (file.records.empty()) {
    throw Error(Kind::kConfig, "records-empty", fmt::format("{} names none", printable(path)),
                "give a file with at least one");
  }
  if (file.records.size() > kMaxRecords) {
    throw Error(Kind::kConfig, "records-too-many",
                fmt::format("{} names {}", printable(path), file.records.size()),
                fmt::format("give at most {} at a time", kMaxRecords));
  }
  return file;
}

}  // namespace keyrite::inventory
