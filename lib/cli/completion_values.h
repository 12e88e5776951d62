// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What may be the value of an option or of a positional word. Internal to cli. Reads files, one
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/request.h"
#include "cli/completion.h"

namespace keyrite::cli {

// What is known of the command line besides.
struct ValueScene {
  std::string tool{};
  std::string command{};
  std::optional<std::string> site{};    // --site or KEYRITE_SITE
  std::optional<std::string> tenant{};  // --tenant
};

// Those that may begin with `begun`; candidate_lines() takes the others out.
[[nodiscard]] std::vector<Candidate> value_candidates(const act::FieldInfo& field,
                                                      const ValueScene& scene,
                                                      std::string_view begun);

}  // namespace keyrite::cli
