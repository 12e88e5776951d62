// The registry of a site: tenants, their keys, versions and states, where they are, what is wrapped
// under them, and which pseudonym of the log is whose name. Its content may be erased again, while
// nothing is ever erased from the transcript beside it; whatever proves something is in the log. An
// engine stores it: one SQLite file of version 4 (docs/formats/registry.md) with the settings of
// ADR 10. One connection, one thread; two processes wait for each other.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "registry/transaction.h"

namespace keyrite::registry {

class Registry {
 public:
  // Opens the file, makes its tables in an empty one, and brings one of version 1 or 2 to this one.
  // Errors kConfig "registry-invalid" (no registry, or one with another table, a trigger or a
  // transition that keyrite did not make), "registry-later-version", "registry-damaged" (cut off),
  // "registry-is-link", "registry-writable-by-others"; kFailed "registry-unsafe" (SQLite does not
  // take a setting of ADR 10), "registry-failed" with SQLite's reason.
  explicit Registry(const std::string& path);
  // Of another engine.
  explicit Registry(std::unique_ptr<internal::Engine> engine);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  // Error kInternal "transaction-open" while another view or transaction of this object lives.
  [[nodiscard]] View read() const;
  [[nodiscard]] Transaction write();

  // The whole file: its pages (SQLite's quick_check), its references, its rules. A second at
  // 1,000,000 rows. Errors kConfig "registry-damaged", "registry-invalid".
  void check() const;
  // A copy as of now in a new file of mode 0600, while others go on reading. The copy is checked as
  // a whole before it has its name: one that restore() would not take is no backup. Errors kUsage
  // "output-exists"; kFailed "file-unwritable", "registry-failed"; those of check().
  void back_up(const std::filesystem::path& file) const;

  // Writes the whole file anew, so that no page has what was removed before. Not within a view or a
  // transaction. Error kFailed "registry-failed".
  void rewrite();

  // "table.column" of each in which a row has these bytes. Reads every row.
  [[nodiscard]] std::vector<std::string> columns_with(std::string_view bytes) const;

  // Names (names.h), each in a transaction of its own.
  [[nodiscard]] std::string pseudonym_of(std::string_view name, std::string_view fresh);
  bool erase(std::string_view name);
  [[nodiscard]] std::optional<std::string> known_pseudonym(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> name_of(std::string_view pseudonym) const;

 private:
  std::unique_ptr<internal::Engine> engine_;
};

// Looks at what is to become the registry, and throws where it must not.
using JudgeRegistry = std::function<void(Registry& copy)>;
// Puts what back_up() wrote in the place of the registry at `path`, into which nobody writes
// meanwhile; of an older version too. The copy is checked as a whole, and judged, before it has the
// name. The registry is then behind its log, which its position says. Errors: those of Registry and
// check(), kConfig "file-unreadable", kFailed "file-unwritable", those of `judge`; after an Error
// the old one is there.
void restore(const std::filesystem::path& file, const std::filesystem::path& path,
             const JudgeRegistry& judge = {});

// How many of these byte strings, each of 8 bytes or more, stand anywhere in the registry's file or
// in a journal beside it. It says nothing of the disk, of snapshots and of backups. Errors kConfig
// "file-unreadable".
[[nodiscard]] std::size_t count_in_file(const std::filesystem::path& path,
                                        const std::vector<Bytes>& wanted);

// Whether any file has these bytes, however few.
[[nodiscard]] bool is_in_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace keyrite::registry
