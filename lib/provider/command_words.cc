// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/command_words.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "base/text.h"
#include "provider/aws/reimport.h"

namespace keyrite::provider {

namespace {

struct Uses {
  std::size_t same{};
  std::size_t other{};
};

// How often the option stands there with this word, and with another that is no expansion.
Uses uses_of(std::string_view script, std::string_view option, std::string_view word) {
  const std::string wanted = fmt::format(" {} ", option);
  Uses uses;
  for (auto at = script.find(wanted); at != std::string_view::npos;
       at = script.find(wanted, at + 1)) {
    const std::string_view rest = script.substr(at + wanted.size());
    if (rest.starts_with('"')) continue;
    const bool ends = rest.size() > word.size() &&
                      std::string_view(" \n)").find(rest.at(word.size())) != std::string_view::npos;
    ++(!word.empty() && rest.starts_with(word) && ends ? uses.same : uses.other);
  }
  return uses;
}

}  // namespace

std::string option_contradiction(std::string_view script, std::string_view option,
                                 const std::optional<std::string>& value) {
  const auto [same, other] = uses_of(script, option, value ? shell_quote(*value) : "");
  if (other != 0) return fmt::format("import.sh and the manifest disagree about {}", option);
  return value && same == 0 ? fmt::format("import.sh does not contain {}", option) : std::string();
}

std::optional<std::string> command_value(const RecordedImport& import, std::string_view name) {
  // A re-import has its own type, and finds the material's id by itself where it was not told.
  if (import.purpose == Purpose::kVerification && name == "import_type") {
    return std::string(aws::kExistingMaterial);
  }
  const auto it = std::find_if(import.names.begin(), import.names.end(),
                               [&](const auto& one) { return one.first == name; });
  return it == import.names.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace keyrite::provider
