// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What all pages for people have in common, so that they have one look: the style sheet for screen
// and paper, light and dark, and the head with the policy that lets nothing else in. The rest of a
// page is its room's own template (mustache: every {{value}} is escaped). Constants and pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::page {

// A page may add rules of its own behind it.
[[nodiscard]] std::string_view style();
// All before <body>, as a template: wants "title", "subject", "style" (as it is), "style_sha256".
[[nodiscard]] std::string_view head();
// In base64, as the policy in head() has it: of what stands between <style> and </style>.
[[nodiscard]] std::string style_sha256(std::string_view style);

}  // namespace keyrite::page
