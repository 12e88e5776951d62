// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What may come next on a command line, for the shells' completion scripts (scripts/completion):
// `keyrite __complete WORDS...`, where the last word is the one that somebody is typing. It comes
// from the catalog, the option tables and, for names, from the site's registry and log. Never from
// a token; nothing is written, nothing goes to standard error, and what cannot be read has no
// candidates. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace keyrite::cli {

inline constexpr std::string_view kCompleteWord = "__complete";

struct Candidate {
  std::string word{};   // the whole word, not quoted for any shell
  std::string about{};  // a few words for people; may be empty
};

// One a line, a tab between word and about. A word that moves the cursor or hides something is left
// out: somebody else may have chosen the name.
[[nodiscard]] std::string candidate_lines(const std::vector<Candidate>& candidates,
                                          std::string_view begun);

// The lines of the tools, and of what else may stand behind `keyrite`.
[[nodiscard]] std::string tool_candidates(std::string_view begun);

// `words` are those behind the tool's name.
[[nodiscard]] std::vector<Candidate> candidates(const Tool& tool,
                                                const std::vector<std::string>& words,
                                                const Env& env);

// The whole of `TOOL __complete WORDS...`: prints the lines to env.out, and returns 0 whatever the
// words are.
int print_candidates(const Tool& tool, const std::vector<std::string>& words, Env& env);

}  // namespace keyrite::cli
