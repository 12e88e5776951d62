// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The leaf hash of one entry (RFC 6962 section 2.1), as text: by it a registry names an entry.
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::transcript {

// 64 lower-case hex digits. `entry`: the line without its LF.
[[nodiscard]] std::string leaf_text(std::string_view entry);

}  // namespace keyrite::transcript
