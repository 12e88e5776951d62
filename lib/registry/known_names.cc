// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "registry/known_names.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <filesystem>

namespace keyrite::registry {

namespace {

using NameSet = std::set<std::string, std::less<>>;

const char* statement_for(Named what) {
  switch (what) {
    case Named::kTenants:
      return "SELECT DISTINCT p.name FROM tenant t JOIN pseudonym p ON p.pseudonym = t.id "
             "WHERE ($1 IS NULL OR p.name = $1) ORDER BY 1 LIMIT $2";
    case Named::kKeys:
      return "SELECT DISTINCT k.name FROM tenant_key k LEFT JOIN pseudonym p ON p.pseudonym = "
             "k.tenant_id WHERE k.name IS NOT NULL AND ($1 IS NULL OR p.name = $1) ORDER BY 1 "
             "LIMIT "
             "$2";
    case Named::kDestinations:
      return "SELECT DISTINCT d.name FROM destination d JOIN tenant_key k ON k.id = d.key_id LEFT "
             "JOIN pseudonym p ON p.pseudonym = k.tenant_id WHERE d.retired_ms IS NULL AND ($1 IS "
             "NULL OR p.name = $1) ORDER BY 1 LIMIT $2";
  }
  return "";
}

// A pipe in the place of the file would keep whoever opens it.
bool is_file(const std::string& path) {
  std::error_code none;
  return std::filesystem::is_regular_file(path, none);
}

}  // namespace

std::vector<std::string> known_names(const std::string& path, Named what,
                                     const std::optional<std::string>& tenant) noexcept try {
  std::vector<std::string> names;
  if (!is_file(path)) return names;
  const SQLite::Database database(path, SQLite::OPEN_READONLY);
  SQLite::Statement statement(database, statement_for(what));
  if (tenant) {
    statement.bind(1, *tenant);
  } else {
    statement.bind(1);
  }
  statement.bind(2, kMostNames);
  while (statement.executeStep()) names.push_back(statement.getColumn(0).getString());
  return names;
} catch (const std::exception&) {
  return {};
}

std::vector<std::string> names_behind(const std::string& path, const NameSet& pseudonyms) noexcept
    try {
  NameSet names;
  if (!is_file(path)) return {};
  const SQLite::Database database(path, SQLite::OPEN_READONLY);
  SQLite::Statement statement(database, "SELECT name FROM pseudonym WHERE pseudonym = $1");
  for (const auto& pseudonym : pseudonyms) {
    statement.reset();
    statement.bind(1, pseudonym);
    if (statement.executeStep()) names.insert(statement.getColumn(0).getString());
    if (names.size() == kMostNames) break;
  }
  return {names.begin(), names.end()};
} catch (const std::exception&) {
  return {};
}

}  // namespace keyrite::registry
