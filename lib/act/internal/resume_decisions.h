// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a person decides about a log before it goes on: whether entries for which the log's key does
// not vouch are true, and whether this machine's clock is right. Options answer where they are
// given; else the person is asked. One thread.
#pragma once

#include <cstddef>
#include <optional>

#include "act/act_log.h"
#include "act/context.h"
#include "act/resume.h"
#include "transcript/history.h"

namespace keyrite::act {

// Each thing is asked once: the log is opened before a login and after it.
class ResumeDecisions {
 public:
  // Both outlive it.
  ResumeDecisions(const ResumeRequest& request, const Context& context)
      : request_(request), context_(context) {}

  // How resume opens the log; it refers to this. What it throws when the log is read: kUsage
  // "sign-unsigned-wrong".
  [[nodiscard]] LogOpening opening();
  // Whether the clock is to be confirmed. Errors kVerification "clock-set-back" when nobody says
  // so; kUsage "confirm-clock-wrong".
  [[nodiscard]] bool clock(const transcript::History& history);

 private:
  const ResumeRequest& request_;
  const Context& context_;
  std::optional<std::size_t> accepted_{};
  std::optional<bool> confirmed_{};
};

}  // namespace keyrite::act
