// The version of keyrite, and what it was built of, from the build.
#pragma once

#include <string>
#include <string_view>

#include "cli/report.h"

namespace keyrite::cli {

[[nodiscard]] std::string_view version();  // "0.1.0"

// What --version prints: "keyrite generate-kek 0.1.0", or with --json the document whose result has
// "version", "commit" (null: the build was not told) and "libraries", each with "name" and the
// "version" that it was built with.
[[nodiscard]] std::string version_text(std::string_view tool, DocumentForm form);

}  // namespace keyrite::cli
