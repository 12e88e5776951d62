// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Starts the act, or the acts, of a step. The other half of ceremony/step_acts.h, linked with
// PKCS#11. One flow for one step; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/context.h"
#include "base/error.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

struct ActFlow {
  // The next act; nullopt: there is none.
  std::function<std::optional<act::Act>()> next{};
  // One failed: whether another one follows. Throws it where the flow ends by it.
  std::function<bool(const Error& error)> failed{};
  // When all are done: what people read besides the outcomes that were shown, and the exit code.
  std::function<std::vector<std::string>()> text{};
  std::function<int()> code{};
  std::function<std::optional<Error>()> error{};
};

// Errors kInternal "act-not-startable"; those of Rotation and Shredding.
[[nodiscard]] ActFlow start_flow(const ActRow& row, const ActRequest& request,
                                 const act::Context& context);

// The act of generate-kek takes over the key of this id, which an interrupted try of the same step
// made. False: this act takes over nothing.
bool take_over(const ActRow& row, const ActRequest& request, const std::string& id);

// What the flow is for was reached: its exit code is 0. Error kFailed "ceremony-step-open".
void require_reached(int code);

}  // namespace keyrite::ceremony
