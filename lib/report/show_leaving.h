// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite inventory offboard: the checklist of a tenant that leaves. Verifies the log and reads the
// registry; nothing is changed or logged. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::report {

struct LeavingRequest {
  std::string name{};  // of the tenant, or its id once it is forgotten
  std::optional<std::string> requested_at{};
  std::vector<std::string> vkey{};
  [[nodiscard]] static const std::vector<act::Field<LeavingRequest>>& table();
};

// Its code is that of Kind::kWaiting while something is to be done, and that of Kind::kVerification
// where registry and log do not agree. Errors: kUsage "tenant-unknown", "time-invalid"; those of
// read_log_of, act::require_readable and act::require_decisions_of_log.
[[nodiscard]] inventory::Shown show_leaving(const LeavingRequest& request,
                                            const act::Context& context);

}  // namespace keyrite::report
