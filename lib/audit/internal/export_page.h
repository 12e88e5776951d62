// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// report.html of an exported folder: the signed entries as one page for people, on screen and on
// paper. It has what the verified log and the files that the log names say, and no name of a key.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "audit/internal/export_part.h"
#include "audit/internal/export_table.h"

namespace keyrite::audit {

// What the parts of an export tell beside the entries, a sentence each.
struct PageMatter {
  std::vector<ExportedApproval> approvals{};
  std::vector<std::string> policies{};  // which approvals were required
  std::vector<std::string> others{};    // timestamps and witnesses
};

// The newest 2,000 acts of a longer log: the page says so.
[[nodiscard]] std::string export_page(const ExportedLog& log, const std::vector<EntryRow>& rows,
                                      const PageMatter& matter);

}  // namespace keyrite::audit
