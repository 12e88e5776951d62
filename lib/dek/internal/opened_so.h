// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What comes after records of data keys were given out: who gets them, and how they are opened.
// Pure; any thread.
#pragma once

#include <string>

#include "act/context.h"
#include "dek/internal/new_rows.h"

namespace keyrite::dek {

// The end of the act's text (act/closing.h). `out`: the file with the records.
[[nodiscard]] std::string opened_so(const NewDekTerms& terms, const std::string& out,
                                    const act::Context& context);

}  // namespace keyrite::dek
