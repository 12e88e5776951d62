// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite inventory report: one HTML page about the keys of a site, made of its verified log.
// Nothing is logged. Reads files, writes one; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::report {

struct ReportRequest {
  std::optional<std::string> from{};  // days
  std::optional<std::string> to{};
  std::optional<std::string> framework{};
  std::vector<std::string> vkey{};
  std::optional<std::string> checkpoint{};  // an earlier one, from elsewhere
  std::string out{};                        // a new file
  [[nodiscard]] static const std::vector<act::Field<ReportRequest>>& table();
};

// Its code is that of Kind::kVerification where registry and log do not agree: the page says where.
// Errors kUsage "site-not-given"; those of period_of, read_log_of, act::require_readable and
// act::require_decisions_of_log, of which none leaves a file; those of write_new_file.
[[nodiscard]] inventory::Shown write_report(const ReportRequest& request,
                                            const act::Context& context);

}  // namespace keyrite::report
