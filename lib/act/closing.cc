// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/closing.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/lower_hex.h"
#include "base/screen.h"
#include "base/text.h"

namespace keyrite::act {

std::string closing(const Context& context, const std::vector<Noted>& noted,
                    const std::vector<NextStep>& next) {
  std::string text;
  if (!noted.empty()) text += "\nWRITE DOWN\n";
  for (const auto& [what, value] : noted) {
    text += fmt::format("  {}\n", printable(what));
    if (value.empty()) continue;
    text += is_lower_hex(value, kSha256Bytes) ? hex_lines(value)
                                              : fmt::format("    {}\n", printable(value));
  }
  if (next.empty() || context.in_ceremony) return text;
  text += "\nNEXT\n";
  std::size_t number = 0;
  for (const auto& [what, parts] : next) {
    text += fmt::format("  {}. {}{}\n", ++number, printable(what), parts.empty() ? "" : ":");
    if (!parts.empty()) text += command_text(command_in_lines(parts));
  }
  return text;
}

std::vector<NextStep> script_steps(const std::string& folder, const std::string& what) {
  std::vector<std::string> scripts;
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator(folder, none)) {
    if (file.path().extension() == ".sh") scripts.push_back(file.path().native());
  }
  std::ranges::sort(scripts);
  std::vector<NextStep> steps;
  for (const auto& script : scripts)
    steps.push_back({what + ", on the connected machine", {"sh", shell_quote(script)}});
  return steps;
}

std::vector<std::string> as_here(const Context& context, NextAt at,
                                 std::vector<std::string> parts) {
  if (context.site) {
    if (context.site->by_option) parts.push_back(option("site", context.site->site.folder));
    return parts;
  }
  if (at == NextAt::kFiles) return parts;
  if (context.token.module) parts.push_back(option("module", *context.token.module));
  if (!context.token.uri.empty()) parts.push_back(option("token", context.token.uri));
  return parts;
}

std::string option(std::string_view name, std::string_view value) {
  // A value that begins like an option is taken for one, quoted or not.
  return fmt::format("--{}{}{}", name, value.starts_with('-') ? "=" : " ", shell_quote(value));
}

}  // namespace keyrite::act
