// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A file whose bytes are on disk when the call returns. No state, any thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>

#include "base/bytes.h"
#include "base/file.h"

namespace keyrite {

// Content in pieces; an empty one ends it.
using NextPiece = std::function<ByteView()>;
// The whole content as one piece.
[[nodiscard]] NextPiece once(ByteView content);

// Writes and fsyncs one file that must not exist yet. `subject` is the path that errors name. Error
// kFailed "file-unwritable".
void write_durably(const std::filesystem::path& path, const NextPiece& next, mode_t mode,
                   const std::filesystem::path& subject);

// One that somebody else fills: `fill` gets the path of an empty file. Errors also those of `fill`.
void fill_durably(const std::filesystem::path& path, const FillFile& fill,
                  const std::filesystem::path& subject);

}  // namespace keyrite
