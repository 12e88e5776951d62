#include "approval/internal/roster_toml.h"

#include <algorithm>

#include <fmt/format.h>

#include "approval/roster.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

const toml::node& required(const toml::table& table, std::string_view field,
                           std::string_view where) {
  const toml::node* node = table.get(field);
  if (node == nullptr) {
    refuse_roster("roster-missing-field", where, fmt::format("\"{}\" is missing", field),
                  "give each approver identity, roles and keys or certificates, and each "
                  "operator an identity");
  }
  return *node;
}

std::string text_of(const toml::node& node, std::string_view field, std::string_view where) {
  const auto* text = node.as_string();
  if (text == nullptr) wrong_type(where, field, "a text in quotes");
  return text->get();
}

}  // namespace

void refuse_roster(std::string code, std::string_view where, std::string_view why,
                   std::string hint) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(where), why),
              std::move(hint));
}

void wrong_type(std::string_view where, std::string_view field, std::string_view expected) {
  refuse_roster("roster-wrong-type", where, fmt::format("\"{}\" is not {}", field, expected),
                "write times in quotes, and roles, keys and certificates as lists of quoted texts");
}

toml::table roster_table(ByteView content, std::string_view origin) {
  if (content.size() > kMaxInputFile) {
    refuse_roster(
        "roster-too-large", origin,
        fmt::format("the file has {} bytes; the limit is {}", content.size(), kMaxInputFile),
        "give the roster: this file is not one");
  }
  try {
    return toml::parse(as_text(content));
  } catch (const toml::parse_error& error) {
    refuse_roster(
        "roster-invalid", origin,
        fmt::format("line {}: {}", error.source().begin.line, printable(error.description())),
        "write the roster as TOML in UTF-8; docs/formats/approval.md has an example");
  }
}

void require_known(const toml::table& table, std::span<const std::string_view> names,
                   std::string_view where) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(names, key.str()) == names.end()) {
      refuse_roster("roster-unknown-field", where,
                    fmt::format("there is no field \"{}\"", printable(key.str())),
                    fmt::format("the fields are: {}", fmt::join(names, ", ")));
    }
  }
}

std::vector<const toml::table*> tables_of(const toml::table& file, std::string_view field,
                                          std::string_view origin) {
  const toml::node* list = file.get(field);
  if (list == nullptr) return {};
  if (!list->is_array()) wrong_type(origin, field, "a list of tables");
  std::vector<const toml::table*> tables;
  for (const toml::node& node : *list->as_array()) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      wrong_type(fmt::format("{}: {} {}", origin, field, tables.size() + 1), field, "a table");
    }
    tables.push_back(table);
  }
  return tables;
}

std::string required_text(const toml::table& table, std::string_view field,
                          std::string_view where) {
  return text_of(required(table, field, where), field, where);
}

std::vector<std::string> required_texts(const toml::table& table, std::string_view field,
                                        std::string_view where) {
  const toml::array* list = required(table, field, where).as_array();
  if (list == nullptr) wrong_type(where, field, "a list of texts");
  std::vector<std::string> texts;
  for (const toml::node& item : *list) texts.push_back(text_of(item, field, where));
  return texts;
}

std::string required_identity(const toml::table& table, std::string_view where) {
  std::string identity = required_text(table, "identity", where);
  if (is_identity(identity)) return identity;
  refuse_roster("roster-identity-invalid", where,
                fmt::format("\"{}\" is not an identity", printable(identity)),
                "use letters, digits and ._@+- after a first letter or digit: alice@example.org");
}

std::vector<std::string> texts_if_any(const toml::table& table, std::string_view field,
                                      std::string_view where) {
  if (!table.contains(field)) return {};
  return required_texts(table, field, where);
}

std::optional<TimePoint> time_if_any(const toml::table& table, std::string_view field,
                                     std::string_view where) {
  const toml::node* node = table.get(field);
  if (node == nullptr) return std::nullopt;
  return parse_rfc3339(text_of(*node, field, where), fmt::format("{}: {}", where, field));
}

}  // namespace keyrite::approval
