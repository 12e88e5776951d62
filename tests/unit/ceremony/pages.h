// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The ceremonies that keyrite ships, their printed scripts, minutes that have everything once, and
// what a page says as text. Each test makes what it needs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ceremony/minutes.h"
#include "ceremony/model.h"
#include "ceremony/script_page.h"
#include "support/command.h"

namespace keyrite::test {

// ceremonies/*.toml, in the order of their names.
[[nodiscard]] std::vector<std::filesystem::path> shipped_ceremonies();

// With a fixed time and version: the same for ever.
[[nodiscard]] ceremony::ScriptOptions fixed_options(ceremony::Paper paper = ceremony::Paper::kA4);
// One of each kind of thing that minutes can have.
[[nodiscard]] ceremony::Minutes full_minutes();
// A ceremony with each kind of step.
[[nodiscard]] ceremony::Ceremony every_step();

// What people read of it, a block of the page to each line (page_text.py).
[[nodiscard]] std::string text_of_page(const Workshop& shop, const std::string& page);

// Holds `text` against tests/golden/ceremonies/`name`. With KEYRITE_WRITE_GOLDEN=1 in the
// environment writes it there instead.
void check_golden(const std::string& name, const std::string& text);

}  // namespace keyrite::test
