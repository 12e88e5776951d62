#include "registry/registry.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::registry {

namespace {

constexpr int kSchemaVersion = 1;
constexpr int kBusyMilliseconds = 5000;

constexpr const char* kSchema =
    "CREATE TABLE pseudonym (pseudonym TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) "
    "STRICT";

[[noreturn]] void failed(const std::string& path, const SQLite::Exception& cause) {
  throw Error(Kind::kFailed, "registry-failed",
              fmt::format("the registry {}: {}", printable(path), printable(cause.what())),
              "is the disk full, or does another program hold the file?");
}

[[noreturn]] void not_a_registry(const std::string& path, std::string_view why) {
  throw Error(Kind::kConfig, "registry-invalid",
              fmt::format("{} is no registry of this keyrite: {}", printable(path), why),
              "look at what the file is; a registry comes back from a backup of the site alone");
}

std::optional<std::string> one_text(const SQLite::Database& database, const char* query,
                                    std::string_view key) {
  SQLite::Statement statement(database, query);
  statement.bind(1, std::string(key));
  if (!statement.executeStep()) return std::nullopt;
  return statement.getColumn(0).getString();
}

}  // namespace

struct Registry::State {
  explicit State(std::string of)
      : path(std::move(of)), database(path, SQLite::OPEN_READWRITE, kBusyMilliseconds) {}
  std::string path;
  SQLite::Database database;

  void prepare() {
    database.exec("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON");
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (version == 0) {
      database.exec(kSchema);
      database.exec(fmt::format("PRAGMA user_version={}", kSchemaVersion));
    } else if (version != kSchemaVersion) {
      not_a_registry(path, fmt::format("its version is {}", version));
    }
    transaction.commit();
  }
};

Registry::Registry(const std::string& path) try : state_(std::make_unique<State>(path)) {
  state_->prepare();
} catch (const SQLite::Exception& cause) {
  constexpr int kNotADatabase = 26;  // SQLITE_NOTADB
  if (cause.getErrorCode() == kNotADatabase) not_a_registry(path, "it is no SQLite file");
  failed(path, cause);
}

Registry::~Registry() = default;

std::string Registry::pseudonym_of(std::string_view name, std::string_view fresh) {
  try {
    SQLite::Transaction transaction(state_->database, SQLite::TransactionBehavior::IMMEDIATE);
    if (auto known = known_pseudonym(name)) return *known;
    SQLite::Statement insert(state_->database,
                             "INSERT INTO pseudonym (pseudonym, name) VALUES (?, ?)");
    insert.bind(1, std::string(fresh));
    insert.bind(2, std::string(name));
    insert.exec();
    transaction.commit();
  } catch (const SQLite::Exception& cause) {
    failed(state_->path, cause);
  }
  return std::string(fresh);
}

std::optional<std::string> Registry::known_pseudonym(std::string_view name) const {
  try {
    return one_text(state_->database, "SELECT pseudonym FROM pseudonym WHERE name = ?", name);
  } catch (const SQLite::Exception& cause) {
    failed(state_->path, cause);
  }
}

std::optional<std::string> Registry::name_of(std::string_view pseudonym) const {
  try {
    return one_text(state_->database, "SELECT name FROM pseudonym WHERE pseudonym = ?", pseudonym);
  } catch (const SQLite::Exception& cause) {
    failed(state_->path, cause);
  }
}

}  // namespace keyrite::registry
