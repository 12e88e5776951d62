// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A text that is not in the form that was asked for, by its first lines. Pure, any thread. Internal
// to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/file_form.h"

namespace keyrite::provider {

// The option that writes JSON, the program that has it, and what else decides what it writes.
[[nodiscard]] std::string json_by(std::optional<Provider> provider);
[[nodiscard]] std::string save_as_json(std::optional<Provider> provider);

// As foreign_form, of UTF-8 without control characters.
[[nodiscard]] std::optional<ForeignForm> foreign_text(std::string_view text,
                                                      std::optional<Provider> provider);

}  // namespace keyrite::provider
