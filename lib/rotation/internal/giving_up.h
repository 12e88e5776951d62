// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A rotation that is given up: the version that waits is destroyed in the token, and deleted at the
// clouds that have it, by scripts whose answers are then recorded. One thread.
#pragma once

#include <memory>
#include <optional>

#include "act/act.h"
#include "act/context.h"
#include "rotation/internal/key_run.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// Errors: those of keys::prepared_abandonment.
// `destroyed` gets "version" and "objects" when it is logged.
[[nodiscard]] act::Act give_up(const RotateRequest& one, const std::shared_ptr<Json>& destroyed);

// What --answers of the request has of deletions, one act for each cloud that says so; nullopt: no
// more of them. `one`: what the log keeps of an act with this key. Errors: those of
// provider::deletion_shown.
[[nodiscard]] std::optional<act::Act> next_deletion(const RotateRequest& request,
                                                    const RotateRequest& one, KeyRun& run);

// A bundle whose answers nobody brought may have been imported.
void remark_bundles(KeyRun& run);

// Into --output, one script for each cloud that has a version that was given up.
void write_deletions(const RotateRequest& request, KeyRun& run);

}  // namespace keyrite::rotation
