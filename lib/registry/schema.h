// The tables of a registry, version 4, in SQL that SQLite and PostgreSQL take: no rowid, no INSERT
// OR REPLACE, integers for times, text and CHECK for enums. What differs between the two (type
// names, STRICT, the language of triggers) belongs to an engine (internal/). Read
// docs/formats/registry.md first. Constants, any thread.
#pragma once

#include <span>
#include <string_view>

namespace keyrite::registry {

struct SchemaPart {
  std::string_view name{};
  std::string_view sql{};  // types INTEGER, TEXT, BLOB; a table without STRICT
};

// In the order in which they are made: each refers to those above it alone.
[[nodiscard]] std::span<const SchemaPart> tables();
[[nodiscard]] std::span<const SchemaPart> indexes();

}  // namespace keyrite::registry
