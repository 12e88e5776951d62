// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include "page/tables.h"
#include "report/document.h"
#include "report/internal/sections.h"
#include "report/pictures.h"

namespace keyrite::report {

std::string page_of(const Report& report) {
  return page::tabled_page({.title = "Report on keys",
                            .subject = period_text(report),
                            .origin = report.log.origin,
                            .headline = headline_of(report),
                            .alarm = !report.wrong.empty(),
                            .summary = summary_rows(report),
                            .sections = sections_of(report)},
                           picture_style());
}

}  // namespace keyrite::report
