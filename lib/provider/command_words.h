// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The words of a client's commands in import.sh, looked for again. Pure, any thread. Internal to
// provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/recorded_import.h"

namespace keyrite::provider {

// Which option of the client's commands has which of the import's names.
struct CommandOption {
  std::string_view name{};    // "key"
  std::string_view option{};  // "--key-id"
};

// The word that the commands have for a name; nullopt: none.
[[nodiscard]] std::optional<std::string> command_value(const RecordedImport& import,
                                                       std::string_view name);

// A clause where the script has the option with another word, or, with a value, not at all.
[[nodiscard]] std::string option_contradiction(std::string_view script, std::string_view option,
                                               const std::optional<std::string>& value);

}  // namespace keyrite::provider
