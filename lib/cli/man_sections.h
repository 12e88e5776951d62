// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The sections that man pages share, in roff. Internal to cli. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace keyrite::cli {

// ".TH ... .SH NAME ...": the page's name has hyphens, "keyrite-transcript-verify".
[[nodiscard]] std::string man_head(std::string_view page, std::string_view summary);
// Paragraphs of `text`, each begun by .PP.
[[nodiscard]] std::string man_paragraphs(std::string_view text);
// A tagged paragraph: `term` in bold, `text` set in below.
[[nodiscard]] std::string man_term(std::string_view term, std::string_view text);

// What a page is about: which variables and files it names.
struct ManSubject {
  bool token{false};
  bool site{false};
  bool makes_site{false};
  bool bundle{false};
};
[[nodiscard]] ManSubject subject_of(const ToolInfo& tool, const Command& command);

[[nodiscard]] std::string exit_status_section();
[[nodiscard]] std::string environment_section(const ManSubject& subject);  // empty: none
[[nodiscard]] std::string files_section(const ManSubject& subject);        // empty: none
[[nodiscard]] std::string examples_section(const std::vector<Example>& examples);
// Pages by name and section: "keyrite(1)".
[[nodiscard]] std::string see_also_section(const std::vector<std::string>& pages);

}  // namespace keyrite::cli
