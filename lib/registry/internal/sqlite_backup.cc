// A registry's file opened, copied and put back.
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>

#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "registry/internal/sqlite_connection.h"
#include "registry/internal/sqlite_engine.h"

namespace keyrite::registry::internal {

namespace {

namespace fs = std::filesystem;

void copy_pages(SQLite::Database& from, const fs::path& empty) {
  SQLite::Database copy(empty.native(), SQLite::OPEN_READWRITE);
  // The file has its name only when it is whole: a journal would save nothing, and stay.
  copy.exec("PRAGMA journal_mode=OFF");
  SQLite::Backup backup(copy, from);
  static_cast<void>(backup.executeStep(-1));  // all pages, in one transaction of the source
}

// It would be rolled back into what stands there now.
void remove_journal_of(const fs::path& path) {
  const std::string journal = path.native() + "-journal";
  if (::unlink(journal.c_str()) == 0 || errno == ENOENT) return;
  throw Error(
      Kind::kFailed, "registry-failed",
      fmt::format("{}: {}", printable(journal), std::system_category().message(errno)),
      "remove this journal of the registry that is to be replaced, then run the command again");
}

}  // namespace

void copy_database(SQLite::Database& from, const fs::path& to) {
  fill_new_file(to, [&](const fs::path& empty) {
    copy_pages(from, empty);
    open_sqlite(empty.native())->check();
  });
}

std::unique_ptr<Engine> open_sqlite(const std::string& path) {
  return told(path, [&]() -> std::unique_ptr<Engine> {
    auto connection = std::make_unique<SqliteConnection>(path);
    connection->set_pragmas();
    prepare_schema(*connection);
    return connection;
  });
}

void restore_sqlite(const fs::path& file, const fs::path& path,
                    const std::function<void(std::unique_ptr<Engine> copy)>& judge) {
  if (!is_there(file)) {
    throw Error(Kind::kConfig, "file-unreadable",
                fmt::format("{}: there is no such file", printable(file.native())),
                "give the file that inventory backup wrote");
  }
  const std::string source_path = ours_alone(file.native());
  told(source_path, [&] {
    fill_replacement(path, [&](const fs::path& empty) {
      {
        SQLite::Database source(source_path, SQLite::OPEN_READONLY);
        copy_pages(source, empty);
      }
      // An older version is brought to this one before it has the name.
      judge(open_sqlite(empty.native()));
      remove_journal_of(path);
    });
  });
}

}  // namespace keyrite::registry::internal
