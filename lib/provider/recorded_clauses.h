// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Clauses that the clouds share when what a bundle says of its import is held against itself
// (recorded_import.h): each is empty where all agree. Pure, any thread. Internal to provider.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/json.h"
#include "provider/recorded_import.h"

namespace keyrite::provider {

inline constexpr std::string_view kRecordedMember = "import_parameters";
// What it refuses becomes a clause: its codes reach nobody.
inline constexpr DocumentKind kRecordedKind{kRecordedMember, 1, "import-parameters"};

using NameList = std::vector<std::string_view>;

[[nodiscard]] std::string require_same(std::string_view what, std::string_view one,
                                       std::string_view other);
// The first of them that says something.
[[nodiscard]] std::string first_of(std::initializer_list<std::string> clauses);

[[nodiscard]] std::optional<std::string> name_of(const RecordedImport& import,
                                                 std::string_view name);
[[nodiscard]] std::string only_names(const RecordedImport& import, const NameList& must,
                                     const NameList& may);
// Refers to `import`.
[[nodiscard]] JsonView parameters_of(const RecordedImport& import);
[[nodiscard]] std::string bits_contradiction(const RecordedImport& import);
// The use that the names have is one of the cloud's type.
[[nodiscard]] std::string use_contradiction(const RecordedImport& import, std::string_view name);

}  // namespace keyrite::provider
