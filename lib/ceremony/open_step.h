// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Which errors decide nothing about a step of a ceremony: the token could not be asked, somebody
// else is waited for, or nobody knows what was done. The step stays open, the run ends, and resume
// goes on with it. Pure; any thread.
#pragma once

#include <string>

#include "base/error.h"

namespace keyrite::ceremony {

// The token, its login or its module did not answer: another time the same act may be done.
[[nodiscard]] bool is_outage(const Error& error);
// The act may go on, or be looked at, in another run: an outage, a PIN, an approval that is waited
// for, an outcome that nobody knows, a person who stopped it, a defect.
[[nodiscard]] bool leaves_step_open(const Error& error);
// `error`, whose hint says besides that nothing was decided, and how the ceremony goes on.
[[nodiscard]] Error with_way_on(const Error& error, const std::string& id);

}  // namespace keyrite::ceremony
