// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// How the pages of keyrite look, on the screen and on paper: colours, type, headings. The
// certificate has nothing else; the pages of a ceremony add what paper needs
// (ceremony/internal/paper_style.h). Constant.
#pragma once

#include <string_view>

namespace keyrite::certificate {

// Of the certificate it is what stands between <style> and </style>, byte for byte: the page's
// policy has its SHA-256.
[[nodiscard]] std::string_view page_style();

}  // namespace keyrite::certificate
