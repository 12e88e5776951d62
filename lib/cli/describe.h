// What help texts and man pages both say about a command. Internal to cli. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "act/request.h"
#include "cli/command.h"
#include "cli/options.h"

namespace keyrite::cli {

[[nodiscard]] std::string invocation(const Tool& tool,
                                     const Command& command);  // "keyrite verify-import bundle"
[[nodiscard]] std::string synopsis(const Tool& tool, const Command& command,
                                   const PreparedOptions& options);
[[nodiscard]] std::string field_head(const act::BoundField& field);  // "--label TEXT", "FILE..."
// The help sentence with choices, default and "may be repeated".
[[nodiscard]] std::string field_text(const act::BoundField& field);

// Text for roff(7): a backslash starts an escape, a dot or quote at the start of a line a request,
// and a hyphen that is to be copied is written \-.
[[nodiscard]] std::string roff_text(std::string_view text);

}  // namespace keyrite::cli
