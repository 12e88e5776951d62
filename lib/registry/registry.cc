#include "registry/registry.h"

#include <array>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite::registry {

namespace {

// Of the file's header, by which file(1) and we know whose it is: "krrg".
constexpr int kApplicationId = 0x6b727267;
constexpr int kSchemaVersion = 2;
constexpr int kFirstVersion = 1;  // of keyrite 0.1.0: the same table, and no application id
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

[[noreturn]] void unsafe(const std::string& path, const Pragma& pragma, const std::string& reads) {
  throw Error(Kind::kFailed, "registry-unsafe",
              fmt::format("SQLite does not take PRAGMA {}={} for the registry {}: it says {}",
                          pragma.name, pragma.set, printable(path), printable(reads)),
              "names could stay in the file after they were erased, or be lost with the power: use "
              "the SQLite of the distribution");
}

bool is_pseudonym(std::string_view text) {
  constexpr std::size_t kBytes = 16;
  return is_lower_hex(text, kBytes);
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
    for (const auto& pragma : kPragmas) {
      // Its answer, if it gives one, is not the value.
      SQLite::Statement set(database, fmt::format("PRAGMA {}={}", pragma.name, pragma.set));
      while (set.executeStep()) {
      }
      const std::string reads = text(fmt::format("PRAGMA {}", pragma.name));
      if (reads != pragma.reads) unsafe(path, pragma, reads);
    }
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = number("PRAGMA user_version");
    if (version == kSchemaVersion) {
      require_ours();
    } else {
      upgrade(version);
    }
    transaction.commit();
  }

 private:
  // The first answer's first column; empty when there is none.
  [[nodiscard]] std::string text(const std::string& query) const {
    SQLite::Statement statement(database, query);
    return statement.executeStep() ? statement.getColumn(0).getString() : std::string();
  }
  int number(const char* query) { return database.execAndGet(query).getInt(); }

  void require_ours() {
    if (number("PRAGMA application_id") != kApplicationId)
      not_a_registry(path, "another program made it");
    require_table();
  }
  void require_table() {
    if (text("SELECT sql FROM sqlite_schema WHERE name = 'pseudonym'") != kSchema)
      not_a_registry(path, "its table of pseudonyms is another");
    // With the two indexes of the table. A trigger would keep what is erased.
    if (number("SELECT count(*) FROM sqlite_schema") != 3)
      not_a_registry(path, "it holds more than the table of pseudonyms");
  }

  // From an empty file, which is what init-site leaves, or from version 1.
  void upgrade(int version) {
    if (version < 0 || version > kFirstVersion)
      not_a_registry(path, fmt::format("its version is {}", version));
    if (number("PRAGMA application_id") != 0) not_a_registry(path, "another program made it");
    if (version == 0) {
      if (number("SELECT count(*) FROM sqlite_schema") != 0)
        not_a_registry(path, "another program made it");
      database.exec(kSchema);
    }
    require_table();
    database.exec(fmt::format("PRAGMA application_id={}", kApplicationId));
    database.exec(fmt::format("PRAGMA user_version={}", kSchemaVersion));
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

bool Registry::erase(std::string_view name) {
  try {
    SQLite::Statement erase(state_->database, "DELETE FROM pseudonym WHERE name = ?");
    erase.bind(1, std::string(name));
    return erase.exec() != 0;
  } catch (const SQLite::Exception& cause) {
    failed(state_->path, cause);
  }
}

std::optional<std::string> Registry::known_pseudonym(std::string_view name) const {
  try {
    auto known = one_text(state_->database, "SELECT pseudonym FROM pseudonym WHERE name = ?", name);
    // It goes into the log, where a name would stay for ever.
    if (known && !is_pseudonym(*known))
      not_a_registry(state_->path, "what it has for a name is no pseudonym");
    return known;
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
