// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in each section of a report's page, as plain text: the page escapes it. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "page/tables.h"
#include "report/facts.h"
#include "report/pictures.h"

namespace keyrite::report {

using Lines = std::vector<std::string>;
using page::kMark;
using page::Row;
using page::Section;
using page::Table;

[[nodiscard]] Section framework_section(const FrameworkFacts& facts);
[[nodiscard]] std::string period_text(const Report& report);
[[nodiscard]] page::SummaryRows summary_rows(const Report& report);
[[nodiscard]] std::vector<Section> sections_of(const Report& report);
// "entry 41", with a mark where the log's key does not vouch for it.
[[nodiscard]] std::string entry_text(const Source& source);

}  // namespace keyrite::report
