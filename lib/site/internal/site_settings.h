// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// site.toml, read: every field is checked, and what is not known is refused. Pure, any thread.
#pragma once

#include <string>

#include "base/bytes.h"
#include "site/site.h"

namespace keyrite::site {

// Errors: those of parse_toml; kConfig "site-format", "site-version", "site-unknown-field",
// "site-invalid"; that of require_origin.
[[nodiscard]] Settings settings_of(ByteView content, const std::string& path);

}  // namespace keyrite::site
