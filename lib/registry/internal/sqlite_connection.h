// A connection to an SQLite file, and what SQLite says as our errors. The only header that knows
// SQLite's types.
#pragma once

#include <map>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "registry/internal/sql.h"

namespace keyrite::registry::internal {

// Error kConfig "registry-invalid".
[[noreturn]] void not_a_registry(const std::string& path, std::string_view why);
// What an SQLite::Exception means: kConfig "registry-damaged", "registry-invalid"; kFailed
// "registry-row-exists", "registry-constraint", "registry-failed".
[[noreturn]] void tell(const std::string& path, const SQLite::Exception& cause);

// Does the work; what SQLite throws becomes an Error.
template <class Work>
auto told(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const SQLite::Exception& cause) {
    tell(path, cause);
  }
}

// The path, of a file that nobody else may change, or of none. What decides whose key is whose is
// read from there. Errors kConfig "registry-is-link", "registry-writable-by-others".
std::string ours_alone(const std::string& path);

class SqliteConnection final : public Engine {
 public:
  // Error kConfig "registry-is-link", "registry-writable-by-others".
  explicit SqliteConnection(const std::string& path);

  std::int64_t run(std::string_view statement, Values values) override;
  void each(std::string_view statement, Values values,
            const std::function<void(const Row&)>& take) override;
  [[nodiscard]] const std::string& place() const override { return path_; }
  void begin(bool to_write) override;
  void commit() override;
  void roll_back() noexcept override;
  void check() override;
  void back_up(const std::filesystem::path& file) override;
  void rewrite() override;
  [[nodiscard]] std::vector<std::string> columns_with(std::string_view bytes) override;

  // Sets what ADR 10 says and reads it back. Error kFailed "registry-unsafe".
  void set_pragmas();
  SQLite::Database& database() { return database_; }

 private:
  SQLite::Statement& prepared(std::string_view statement, Values values);
  std::string path_;
  SQLite::Database database_;
  std::map<std::string, SQLite::Statement, std::less<>> statements_{};
};

// sqlite_schema.cc: tables, triggers, versions of the file.
void prepare_schema(SqliteConnection& connection);
// Legal transitions and schema are those of this keyrite. Error kConfig "registry-invalid".
void require_schema(SqliteConnection& connection);
// Copies all pages of one database to an empty file.
void copy_database(SQLite::Database& from, const std::filesystem::path& to);

}  // namespace keyrite::registry::internal
