// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What VERIFY.txt of an export begins with, and how it says whether the folder is complete. Pure,
// any thread.
#pragma once

#include <vector>

#include "audit/internal/export_part.h"
#include "audit/internal/verify_text.h"

namespace keyrite::audit {

inline constexpr const char* kSumsName = "SHA256SUMS";
inline constexpr const char* kTableName = "entries.csv";
inline constexpr const char* kPageName = "report.html";

[[nodiscard]] VerifyText introduction(const ExportedLog& log);
[[nodiscard]] VerifyText completeness(const std::vector<ExportedApproval>& approvals);

}  // namespace keyrite::audit
