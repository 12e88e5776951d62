// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A report for people, on screen and on paper: one HTML page without scripts and without anything
// from elsewhere. The same report gives the same page, byte for byte. Pure; any thread.
#pragma once

#include <string>

#include "report/facts.h"

namespace keyrite::report {

[[nodiscard]] std::string page_of(const Report& report);

}  // namespace keyrite::report
