// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What resume says when it is done: the text and the document of its outcome. Pure, any thread.
#pragma once

#include "act/act.h"
#include "act/act_log.h"
#include "base/json_fwd.h"

namespace keyrite::act {

// `settled` as settle_unfinished says it. The log is signed.
[[nodiscard]] Outcome resumed_outcome(const ActLog& log, Json settled, const Levelled& levelled,
                                      bool clock_confirmed);

}  // namespace keyrite::act
