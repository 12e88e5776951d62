// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What rotate reports of answers that were judged. Plain values; one thread.
#pragma once

#include <string>

#include "act/act.h"
#include "base/json.h"
#include "rotation/places.h"

namespace keyrite::rotation {

// Of the act of verify-import on the bundle. Whoever carries the folders names them too, so one may
// have the bundle of another version: error kConfig "answers-foreign" unless the registry says that
// it is the bundle of this place. Thrown before anything is recorded.
[[nodiscard]] Json judged_bundle(const act::Outcome& outcome, const Place& place,
                                 const std::string& bundle);

}  // namespace keyrite::rotation
