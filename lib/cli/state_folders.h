// Where this machine keeps the state of programs, as its environment says. Linked without PKCS#11.
#pragma once

#include <vector>

#include "cli/env.h"
#include "site/last_signed.h"

namespace keyrite::cli {

// In the order in which they are taken: $STATE_DIRECTORY (systemd.exec(5): of a service, and there
// already), /var/lib/keyrite where it is there, $XDG_STATE_HOME/keyrite and ~/.local/state/keyrite
// (XDG Base Directory Specification), which are made. What the environment does not name, or not by
// an absolute path, is left out.
[[nodiscard]] std::vector<site::StateFolder> state_folders(const Env& env);

}  // namespace keyrite::cli
