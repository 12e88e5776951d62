// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a bundle for Azure Key Vault says of its import, held against itself
// (provider/recorded_import.h): each function gives one clause, and nothing where all agree. Pure,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "provider/recorded_import.h"

namespace keyrite::provider::azure {

[[nodiscard]] std::string parameters_contradiction(const RecordedImport& import);
[[nodiscard]] std::string names_contradiction(const RecordedImport& import);
// What no source confirms of the import's options.
[[nodiscard]] std::vector<std::string> unverified_names(const RecordedImport& import);

}  // namespace keyrite::provider::azure
