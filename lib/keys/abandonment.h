// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A version that waits for its activation is given up: its object in the token is destroyed, a
// fresh process finds none of it, and the registry has it as destroyed. No data key is under such a
// version. What is destroyed is what the log has as that version: the registry alone is not
// believed. A run that was killed is run again: what is gone from the token is not looked for, and
// of a pair the half that is left is read back alone. It needs the approvals of the act and those
// of shred, and a person at a terminal types the name of the key.
// One session, one thread.
#pragma once

#include <string>

#include "act/act.h"

namespace keyrite::keys {

struct Abandonment {
  std::string act{};
  std::string tenant{};
  std::string key{};
};

// Errors kUsage "tenant-unknown", "key-unknown"; kFailed "version-not-waiting" (none waits),
// "legal-hold", "copies-elsewhere" (the version is on another token too); those of
// require_recorded_key, so that another key under the version's id is not destroyed;
// kVerification "version-differs" too where the log has another id or state of the version, or a
// data key is under it; kUsage "destruction-not-confirmed" (another name was typed);
// kUnknownOutcome "key-remains". The approval names the version.
[[nodiscard]] act::PreparedAct prepared_abandonment(const Abandonment& abandonment,
                                                    act::RecordedRequest request,
                                                    const act::Context& context);

}  // namespace keyrite::keys
