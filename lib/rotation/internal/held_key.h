// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// That this process rotates a key (act/held_file.h). One thread.
#pragma once

#include <string>

#include "act/held_file.h"

namespace keyrite::rotation {

// `key`: its id; `text`: how people call it. Errors kFailed "rotation-running": another process
// rotates it; those of HeldFile::take.
[[nodiscard]] act::HeldFile hold_key(const site::Site& site, const std::string& key,
                                     const std::string& text);

}  // namespace keyrite::rotation
