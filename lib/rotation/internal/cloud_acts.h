// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run of rotate does at the destinations of one key, with the folders that it was given: it
// judges answers, wraps for what was fetched, and writes what is to be fetched. One thread.
#pragma once

#include <optional>

#include "act/act.h"
#include "act/context.h"
#include "rotation/internal/key_run.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// The next act; nullopt: there is none in this run. Remembers in `run` what it gave out. Errors: of
// a folder that was fetched for another import, kConfig "ask-differs"; those of ask_for,
// provider::read_parameters and expected_of.
[[nodiscard]] std::optional<act::Act> next_cloud_act(const RotateRequest& request,
                                                     const act::Context& context, KeyRun& run);

// Into --output, for each destination whose import parameters are missing. A folder that is there
// already, and is the same, stays. Errors: those of ask_for and write_new_folder.
void write_asks(const RotateRequest& request, const act::Context& context, KeyRun& run);

}  // namespace keyrite::rotation
