// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A version is validated in the token, gets its canary, and becomes the one that wraps: what `key
// activate` and the switch of `rotate` share. Where a version is replaced, it is deactivated in the
// same entry of the log and in the same transaction, so that at no moment no version wraps. An act
// at the token by a read-only session; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "act/act.h"
#include "act/request.h"
#include "keys/validate_version.h"

namespace keyrite::keys {

struct Activation {
  std::string act{};  // name of the operation
  std::string tenant{};
  std::string key{};
  std::optional<std::int64_t> number{};  // nullopt: the version that waits
  Beside beside{Beside::kNoActive};
  // What ends the text (act/closing.h); unset: nothing, as in an act of several.
  std::function<std::string(const VersionOnRecord&, const act::Context&)> after{};
};

// `request` is what the log keeps of the command. Errors of this and of its work: those of
// tenant_key, require_activatable and validate_version; kFailed "version-not-waiting": the version
// changed while it was tried.
[[nodiscard]] act::PreparedAct prepared_activation(const Activation& activation,
                                                   act::RecordedRequest request,
                                                   const act::Context& context);

}  // namespace keyrite::keys
