#include "registry/internal/sqlite_connection.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ownership.h"
#include "base/text.h"

namespace keyrite::registry::internal {

namespace {

constexpr int kBusyMilliseconds = 5000;

// ADR 10. SQLite ignores a PRAGMA that it does not know or may not set, so each is read back.
struct Pragma {
  const char* name{};
  const char* set{};
  const char* reads{};
};
constexpr std::array<Pragma, 6> kPragmas{{{"journal_mode", "DELETE", "delete"},
                                          {"synchronous", "EXTRA", "3"},
                                          {"foreign_keys", "ON", "1"},
                                          {"trusted_schema", "OFF", "0"},
                                          {"secure_delete", "ON", "1"},
                                          {"temp_store", "MEMORY", "2"}}};

// Result codes of sqlite.org/rescode.html.
constexpr int kCorrupt = 11;
constexpr int kConstraint = 19;
constexpr int kNotADatabase = 26;
constexpr int kPrimaryKey = 1555;
constexpr int kUnique = 2067;
constexpr int kPrimaryCode = 0xff;

[[noreturn]] void unsafe(const std::string& path, const Pragma& pragma, const std::string& reads) {
  throw Error(Kind::kFailed, "registry-unsafe",
              fmt::format("SQLite does not take PRAGMA {}={} for the registry {}: it says {}",
                          pragma.name, pragma.set, printable(path), printable(reads)),
              "names could stay in the file after they were erased, or be lost with the power: use "
              "the SQLite of the distribution");
}

[[noreturn]] void damaged(const std::string& path, std::string_view what) {
  throw Error(
      Kind::kConfig, "registry-damaged",
      fmt::format("the registry {} is damaged: {}", printable(path), printable(what)),
      "put the last backup in its place, then run keyrite resume, which brings it up to the log");
}

std::vector<Value> values_of(SQLite::Statement& statement) {
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(statement.getColumnCount()));
  for (int i = 0; i < statement.getColumnCount(); ++i) {
    const SQLite::Column column = statement.getColumn(i);
    if (column.isInteger()) {
      values.emplace_back(std::int64_t{column.getInt64()});
    } else if (column.isNull()) {
      values.emplace_back();
    } else if (column.isBlob()) {
      const auto* begin = static_cast<const std::uint8_t*>(column.getBlob());
      values.emplace_back(Bytes(begin, begin + column.getBytes()));
    } else {
      values.emplace_back(column.getString());
    }
  }
  return values;
}

void bind(SQLite::Statement& statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.bind(index, *text);
  } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
    // An empty blob is not NULL, which SQLite makes of a null pointer.
    static constexpr std::uint8_t kNothing = 0;
    const void* data = bytes->empty() ? &kNothing : bytes->data();
    statement.bind(index, data, static_cast<int>(bytes->size()));
  } else {
    statement.bind(index);
  }
}

}  // namespace

std::string ours_alone(const std::string& path) {
  std::error_code failed;
  const auto status = std::filesystem::symlink_status(path, failed);
  if (std::filesystem::is_symlink(status)) {
    throw Error(Kind::kConfig, "registry-is-link",
                fmt::format("the registry {} is a symbolic link", printable(path)),
                "a registry is a file of its site: put the file itself there");
  }
  if (!std::filesystem::exists(status)) return path;
  if (const auto others = changeable_by_others(path)) {
    throw Error(Kind::kConfig, "registry-writable-by-others",
                fmt::format("others may change {}, and so the registry {}",
                            printable(others->native()), printable(path)),
                "take the right to write from group and others (chmod go-w), and look at what the "
                "registry says before you use it");
  }
  return path;
}

void not_a_registry(const std::string& path, std::string_view why) {
  throw Error(Kind::kConfig, "registry-invalid",
              fmt::format("{} is not a registry that this version of keyrite can read: {}",
                          printable(path), why),
              "check which file it is; restore a registry only from a backup of the site");
}

void tell(const std::string& path, const SQLite::Exception& cause) {
  // SQLiteCpp has the extended code where SQLite told it, and in either place.
  const int code = std::max(cause.getErrorCode(), cause.getExtendedErrorCode());
  switch (cause.getErrorCode() & kPrimaryCode) {
    case kNotADatabase:
      not_a_registry(path, "it is not an SQLite file");
    case kCorrupt:
      damaged(path, cause.what());
    case kConstraint: {
      const bool exists = code == kUnique || code == kPrimaryKey;
      throw Error(Kind::kFailed, exists ? "registry-row-exists" : "registry-constraint",
                  fmt::format("the registry {} does not take the change: {}", printable(path),
                              printable(cause.what())),
                  exists ? "it is there already: inventory list shows what there is"
                         : "nothing was changed");
    }
    default:
      throw Error(Kind::kFailed, "registry-failed",
                  fmt::format("the registry {}: {}", printable(path), printable(cause.what())),
                  "is the disk full, or does another program hold the file?");
  }
}

SqliteConnection::SqliteConnection(const std::string& path)
    : path_(ours_alone(path)), database_(path_, SQLite::OPEN_READWRITE, kBusyMilliseconds) {}

SQLite::Statement& SqliteConnection::prepared(std::string_view statement, Values values) {
  auto found = statements_.find(statement);
  if (found == statements_.end()) {
    std::string sql(statement);
    std::ranges::replace(sql, '$', '?');  // ?1 is the first value wherever it stands
    found = statements_.try_emplace(std::string(statement), database_, sql).first;
  }
  found->second.reset();
  if (found->second.getBindParameterCount() != static_cast<int>(values.size()))
    throw SQLite::Exception("a statement with other parameters than values");
  int index = 0;
  for (const auto& value : values) bind(found->second, ++index, value);
  return found->second;
}

std::int64_t SqliteConnection::run(std::string_view statement, Values values) {
  return told(path_, [&]() -> std::int64_t {
    auto& ready = prepared(statement, values);
    try {
      const int changed = ready.exec();
      ready.reset();
      return changed;
    } catch (const SQLite::Exception&) {
      static_cast<void>(ready.tryReset());
      throw;
    }
  });
}

void SqliteConnection::each(std::string_view statement, Values values,
                            const std::function<void(const Row&)>& take) {
  told(path_, [&] {
    auto& ready = prepared(statement, values);
    // Whatever ends the reading, an unfinished statement would hold the transaction open.
    struct Reset {
      SQLite::Statement& statement;
      ~Reset() { static_cast<void>(statement.tryReset()); }
    } const reset{ready};
    while (ready.executeStep()) take(Row(values_of(ready), path_));
  });
}

void SqliteConnection::begin(bool to_write) {
  told(path_, [&] { database_.exec(to_write ? "BEGIN IMMEDIATE" : "BEGIN"); });
  open = true;
}

void SqliteConnection::commit() {
  told(path_, [&] { database_.exec("COMMIT"); });
  open = false;
}

void SqliteConnection::roll_back() noexcept {
  static_cast<void>(database_.tryExec("ROLLBACK"));
  open = false;
}

void SqliteConnection::set_pragmas() {
  for (const auto& pragma : kPragmas) {
    // Its answer, if it gives one, is not the value.
    SQLite::Statement set(database_, fmt::format("PRAGMA {}={}", pragma.name, pragma.set));
    while (set.executeStep()) {
    }
    SQLite::Statement get(database_, fmt::format("PRAGMA {}", pragma.name));
    const std::string reads = get.executeStep() ? get.getColumn(0).getString() : std::string();
    if (reads != pragma.reads) unsafe(path_, pragma, reads);
  }
}

void SqliteConnection::check() {
  told(path_, [&] {
    SQLite::Statement quick(database_, "PRAGMA quick_check");
    while (quick.executeStep()) {
      const std::string said = quick.getColumn(0).getString();
      if (said != "ok") damaged(path_, said);
    }
    SQLite::Statement keys(database_, "PRAGMA foreign_key_check");
    if (keys.executeStep()) {
      not_a_registry(path_, fmt::format("a row of {} refers to one that is not there",
                                        printable(keys.getColumn(0).getString())));
    }
    require_schema(*this);
  });
}

void SqliteConnection::back_up(const std::filesystem::path& file) {
  told(path_, [&] { copy_database(database_, file); });
}

std::vector<std::string> SqliteConnection::columns_with(std::string_view bytes) {
  std::vector<std::pair<std::string, std::string>> columns;
  each(
      "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c "
      "WHERE t.type = 'table' ORDER BY t.name, c.cid",
      {}, [&](const Row& row) { columns.emplace_back(row.text(0), row.text(1)); });
  std::vector<std::string> found;
  for (const auto& [table, column] : columns) {
    const auto query =
        fmt::format("SELECT count(*) FROM {} WHERE instr(CAST({} AS BLOB), CAST($1 AS BLOB)) > 0",
                    table, column);
    if (number(query, {text_of(bytes)}) > 0) found.push_back(fmt::format("{}.{}", table, column));
  }
  return found;
}

void SqliteConnection::rewrite() {
  told(path_, [&] { database_.exec("VACUUM"); });
}

}  // namespace keyrite::registry::internal
