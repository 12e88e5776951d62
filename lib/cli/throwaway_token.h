// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A token for a rehearsal: made by SoftHSM in a new folder, with PINs that are random and protect
// nothing. keyrite itself can initialise no token: what cannot be called cannot be called by
// mistake. Changes the environment of this process, so that SoftHSM finds the folder; one token a
// process.
#pragma once

#include <optional>
#include <string>

namespace keyrite::cli {

struct ThrowawayToken {
  std::string module{};
  std::string uri{};
  std::string pin_file{};
  std::string so_pin_file{};
};

// `folder` is made; in it are SoftHSM's own folder and the PIN's file. `module`: unset, where
// Debian has SoftHSM. Errors kConfig "softhsm-missing" (no module, or no softhsm2-util); kUsage
// "output-exists"; kFailed "throwaway-token-failed".
[[nodiscard]] ThrowawayToken make_throwaway_token(const std::string& folder,
                                                  const std::optional<std::string>& module);

}  // namespace keyrite::cli
