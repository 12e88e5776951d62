// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "base/internal/temporary.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryJournal = ".part-journal";  // SQLite's, of one that it fills

}  // namespace

std::vector<fs::path> leftovers_in(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (auto entry = fs::directory_iterator(folder, ignored);
       !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    const std::string name = entry->path().filename();
    if (name.starts_with(kTemporaryPrefix) &&
        (name.ends_with(kTemporarySuffix) || name.ends_with(kTemporaryJournal)))
      found.push_back(entry->path());
  }
  return found;
}

void remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& path : leftovers_in(folder)) fs::remove_all(path, ignored);
}

}  // namespace keyrite
