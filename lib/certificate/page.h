// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The page of a certificate for people: the same facts and sentences as the document, as HTML
// without scripts and without anything from elsewhere. The same document gives the same page, byte
// for byte. Pure; any thread.
#pragma once

#include <string>

#include "certificate/document.h"

namespace keyrite::certificate {

// `sha256`: of the document's file.
[[nodiscard]] std::string page_of(const Document& document, const Facts& facts,
                                  const Statement& statement, const std::string& sha256);

}  // namespace keyrite::certificate
