// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What report.html says of acts: which entries need an explanation, and who did what, when. Pure;
// any thread.
#pragma once

#include <vector>

#include "audit/internal/export_part.h"
#include "audit/internal/export_table.h"
#include "page/tables.h"

namespace keyrite::audit {

// Its one table has a row for each such entry.
[[nodiscard]] page::Section first_section(const ExportedLog& log,
                                          const std::vector<EntryRow>& rows);
// The newest 2,000 acts: it says how many it leaves out.
[[nodiscard]] page::Section acts_section(const ExportedLog& log, const std::vector<EntryRow>& rows);

}  // namespace keyrite::audit
