#include "provider/shell_command.h"

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::provider {

ShellCommand& ShellCommand::fixed(std::string_view words) {
  text_ += fmt::format(" {}", words);
  return *this;
}

ShellCommand& ShellCommand::word(std::string_view literal) {
  text_ += " " + shell_quote(literal);
  return *this;
}

ShellCommand& ShellCommand::option(std::string_view name,
                                   const std::optional<std::string>& literal) {
  if (literal) text_ += fmt::format(" {} {}", name, shell_quote(*literal));
  return *this;
}

ShellCommand& ShellCommand::expand(std::string_view name, std::string_view expansion) {
  text_ += fmt::format(" {} \"{}\"", name, expansion);
  return *this;
}

std::string shell_function(std::string_view name, std::string_view lines) {
  return fmt::format("{}() {{\n{}}}\n\n", name, lines);
}

std::string shell_line(std::string_view prefix, const ShellCommand& command) {
  return fmt::format("  {}{}\n", prefix, command.text());
}

}  // namespace keyrite::provider
