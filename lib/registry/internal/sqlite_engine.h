// SQLite behind a registry: one file, with the settings of ADR 10. Statements are prepared once.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "registry/internal/sql.h"

namespace keyrite::registry::internal {

// Opens the file, makes the tables in an empty one, and brings one of an older version to this one.
// Errors: those of Registry::Registry.
[[nodiscard]] std::unique_ptr<Engine> open_sqlite(const std::string& path);

// Puts the registry that `file` is a copy of in the place of the one at `path`, once `judge` took
// it. Errors: those of registry::restore.
void restore_sqlite(const std::filesystem::path& file, const std::filesystem::path& path,
                    const std::function<void(std::unique_ptr<Engine> copy)>& judge);

}  // namespace keyrite::registry::internal
