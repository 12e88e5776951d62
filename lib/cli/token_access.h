// The token options of a command, and what they select: a binding for act::TokenSession. Only
// commands that name one of these functions are linked with the session library.
#pragma once

#include "cli/command.h"

namespace keyrite::cli {

// --token, --module, --module-init-args, --pin-fd, --pin-file. binding() throws the errors of
// TokenUri::parse and of make_pin_source (kUsage).
[[nodiscard]] PreparedToken user_token_access();
// The same, with --so-pin-fd and --so-pin-file.
[[nodiscard]] PreparedToken user_and_so_token_access();

}  // namespace keyrite::cli
