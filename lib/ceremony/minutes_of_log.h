// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Fills the minutes of a ceremony from a verified log, the file that was run, and what the site
// still has of what people typed. What the log does not say is not in the minutes. Reads the site's
// texts; one thread.
#pragma once

#include <string>

#include "ceremony/bindings.h"
#include "ceremony/minutes.h"
#include "ceremony/model.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"
#include "transcript/checkpoint.h"

namespace keyrite::ceremony {

struct MinutesSource {
  const Ceremony& ceremony;
  const Story& story;
  const Bindings& bindings;
  const Verification& verification;
  std::string texts{};       // the site's folder of what people typed
  std::string checkpoint{};  // the signed note
  transcript::Checkpoint head{};
  std::string tool{};
  TimePoint made_at{};
};
[[nodiscard]] Minutes minutes_of(const MinutesSource& source);

}  // namespace keyrite::ceremony
