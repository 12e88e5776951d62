// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Why a log does not go on behind what is signed, and what a person can decide. Pure, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "transcript/internal/loaded_log.h"

namespace keyrite::transcript {

// The fault, with what can be done about it.
[[nodiscard]] Error with_drop_hint(const TailFault& fault);
// Error kUsage "entry-in-order".
[[noreturn]] void refuse_drop(std::uint64_t index);
// Error kVerification "entry-unvouched".
[[noreturn]] void refuse_unaccepted(const std::vector<UnsignedEntry>& entries);

}  // namespace keyrite::transcript
