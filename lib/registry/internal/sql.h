// The seam between what a registry means and an engine that keeps it: statements that SQLite and
// PostgreSQL both take, with parameters $1, $2, and their rows. One connection, one thread, one
// transaction at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "registry/model.h"

namespace keyrite::registry::internal {

using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;
using Values = std::initializer_list<Value>;

[[nodiscard]] Value value_of(std::optional<std::string> text);
[[nodiscard]] Value value_of(std::optional<Time> time);
[[nodiscard]] Value value_of(Time time);
[[nodiscard]] Value value_of(std::uint64_t number);
[[nodiscard]] inline Value text_of(std::string_view text) { return std::string(text); }

// A row of an answer. What is not of the type that the schema says: Error kConfig
// "registry-invalid".
class Row {
 public:
  explicit Row(std::vector<Value> values, const std::string& place)
      : values_(std::move(values)), place_(place) {}
  [[nodiscard]] std::string text(std::size_t column) const;
  [[nodiscard]] std::int64_t number(std::size_t column) const;
  [[nodiscard]] std::uint64_t count(std::size_t column) const;  // not below 0
  [[nodiscard]] Bytes bytes(std::size_t column) const;
  [[nodiscard]] Time time(std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::optional<std::string> optional_text(std::size_t column) const;
  [[nodiscard]] std::optional<Time> optional_time(std::size_t column) const;
  template <class Enum>
  [[nodiscard]] Enum one_of(std::size_t column) const {
    const auto found = from_word<Enum>(text(column));
    if (!found) foreign(column);
    return *found;
  }
  [[noreturn]] void foreign(std::size_t column) const;

 private:
  std::vector<Value> values_;
  const std::string& place_;
};

class Sql {
 public:
  virtual ~Sql() = default;
  // Rows changed. Errors kFailed "registry-row-exists" (it is unique), "registry-constraint" (any
  // other rule of the schema), "registry-failed".
  virtual std::int64_t run(std::string_view statement, Values values) = 0;
  virtual void each(std::string_view statement, Values values,
                    const std::function<void(const Row&)>& take) = 0;
  [[nodiscard]] virtual const std::string& place() const = 0;  // of the registry, for messages

  // A member function that makes a T of each row.
  template <class T>
  [[nodiscard]] std::vector<T> all(std::string_view statement, Values values,
                                   T (*make)(const Row&)) {
    std::vector<T> made;
    each(statement, values, [&](const Row& row) { made.push_back(make(row)); });
    return made;
  }
  template <class T>
  [[nodiscard]] std::optional<T> one(std::string_view statement, Values values,
                                     T (*make)(const Row&)) {
    std::optional<T> made;
    each(statement, values, [&](const Row& row) { made = make(row); });
    return made;
  }
  [[nodiscard]] std::int64_t number(std::string_view statement, Values values);

  // What this transaction refers to; its commit compares it with the position (transaction.h).
  void name(const LogEntry& entry) { named_until = std::max(named_until, entry.seq + 1); }
  std::uint64_t named_until{0};
};

class Engine : public Sql {
 public:
  virtual void begin(bool to_write) = 0;
  virtual void commit() = 0;
  virtual void roll_back() noexcept = 0;
  // Errors kConfig "registry-damaged", "registry-invalid".
  virtual void check() = 0;
  virtual void back_up(const std::filesystem::path& file) = 0;
  virtual void rewrite() = 0;
  [[nodiscard]] virtual std::vector<std::string> columns_with(std::string_view bytes) = 0;

  bool open{false};  // a transaction is
};

// Of compare-and-swap: nothing changed. Errors kFailed "registry-row-changed" (another revision is
// there), "registry-row-unknown".
void require_swapped(Sql& sql, std::int64_t changed, std::string_view what, std::string_view count,
                     Values key);
// The same, before anything is written.
void require_revision(const Sql& sql, std::int64_t is, std::int64_t read, std::string_view what,
                      std::string_view id);
[[noreturn]] void refuse_unknown(const Sql& sql, std::string_view what, std::string_view id);

}  // namespace keyrite::registry::internal
