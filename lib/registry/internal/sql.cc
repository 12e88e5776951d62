#include "registry/internal/sql.h"

#include <limits>

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::registry::internal {

Value value_of(std::optional<std::string> text) {
  if (!text) return {};
  return *std::move(text);
}

Value value_of(Time time) { return std::int64_t{time.time_since_epoch().count()}; }

Value value_of(std::optional<Time> time) {
  if (!time) return {};
  return value_of(*time);
}

Value value_of(std::uint64_t number) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (number > kLargest)
    throw Error(Kind::kUsage, "registry-value", "a number over 2^63 does not go into a registry");
  return static_cast<std::int64_t>(number);
}

std::string Row::text(std::size_t column) const {
  if (const auto* text = std::get_if<std::string>(&values_.at(column))) return *text;
  foreign(column);
}

std::int64_t Row::number(std::size_t column) const {
  if (const auto* number = std::get_if<std::int64_t>(&values_.at(column))) return *number;
  foreign(column);
}

std::uint64_t Row::count(std::size_t column) const {
  const std::int64_t found = number(column);
  if (found < 0) foreign(column);
  return static_cast<std::uint64_t>(found);
}

Bytes Row::bytes(std::size_t column) const {
  if (is_null(column)) return {};
  if (const auto* bytes = std::get_if<Bytes>(&values_.at(column))) return *bytes;
  foreign(column);
}

Time Row::time(std::size_t column) const { return Time(std::chrono::milliseconds(number(column))); }

bool Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::monostate>(values_.at(column));
}

std::optional<std::string> Row::optional_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<Time> Row::optional_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void Row::foreign(std::size_t column) const {
  throw Error(Kind::kConfig, "registry-invalid",
              fmt::format("{} is not a registry that this version of keyrite can read: column {} "
                          "of a row has a value that keyrite does not write",
                          printable(place_), column + 1),
              "restore the registry from a backup");
}

std::int64_t Sql::number(std::string_view statement, Values values) {
  return one<std::int64_t>(statement, values, [](const Row& row) { return row.number(0); })
      .value_or(0);
}

void refuse_unknown(const Sql& sql, std::string_view what, std::string_view id) {
  throw Error(
      Kind::kFailed, "registry-row-unknown",
      fmt::format("the registry {} has no {} {}", printable(sql.place()), what, printable(id)),
      "inventory list shows what there is");
}

[[noreturn]] static void refuse_changed(const Sql& sql, std::string_view what,
                                        std::string_view id) {
  throw Error(Kind::kFailed, "registry-row-changed",
              fmt::format("somebody else changed the {} {} in the registry {} meanwhile", what,
                          printable(id), printable(sql.place())),
              "look at it again, then run the command again");
}

void require_revision(const Sql& sql, std::int64_t is, std::int64_t read, std::string_view what,
                      std::string_view id) {
  if (is != read) refuse_changed(sql, what, id);
}

void require_swapped(Sql& sql, std::int64_t changed, std::string_view what, std::string_view count,
                     Values key) {
  if (changed == 1) return;
  const auto* id = key.size() == 0 ? nullptr : std::get_if<std::string>(key.begin());
  const std::string name = id == nullptr ? std::string() : *id;
  if (sql.number(count, key) == 0) refuse_unknown(sql, what, name);
  refuse_changed(sql, what, name);
}

}  // namespace keyrite::registry::internal
