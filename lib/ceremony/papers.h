// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite ceremony print and report: the paper before, and the minutes after. Each writes one new
// HTML file. One thread.
#pragma once

#include "act/context.h"
#include "ceremony/commands.h"
#include "ceremony/requests.h"

namespace keyrite::ceremony {

// Errors: those of ceremony_file, Bindings::of and write_new_file.
[[nodiscard]] Told print_script(const PrintRequest& request, const act::Context& context);

// Of a ceremony of the site, from its verified log. Code: that of Kind::kVerification where the log
// differs from the file, which the minutes say. Errors: those of audit, CeremonyFolder and
// write_new_file; kUsage "ceremony-unknown".
[[nodiscard]] Told write_minutes(const ReportRequest& request, const act::Context& context);

}  // namespace keyrite::ceremony
