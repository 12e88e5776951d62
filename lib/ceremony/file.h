// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads a ceremony's file (docs/formats/ceremony.md), strictly: what a ceremony does not know, has
// twice or lacks is an error, and all errors are told at once. Needs no token and no site. Pure but
// for reading the file; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

// Errors: those of parse_toml; kConfig "ceremony-invalid" (ceremony/problems.h).
[[nodiscard]] Ceremony read_ceremony(ByteView content, const std::string& origin);

struct CeremonyFile {
  Bytes content{};
  Ceremony ceremony{};
};
// Errors: those of read_file and read_ceremony.
[[nodiscard]] CeremonyFile ceremony_file(const std::string& path);

}  // namespace keyrite::ceremony
