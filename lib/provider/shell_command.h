// One command of import.sh, built word by word so that everything from the operator is quoted, and
// the shell expands only what we wrote ourselves. One owner. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keyrite::provider {

class ShellCommand {
 public:
  // `fixed`: words of our own, as they stand: "aws kms describe-key".
  explicit ShellCommand(std::string_view fixed) : text_(fixed) {}

  ShellCommand& fixed(std::string_view words);
  // A literal word.
  ShellCommand& word(std::string_view literal);
  // `--name literal`; without a value nothing.
  ShellCommand& option(std::string_view name, const std::optional<std::string>& literal);
  // `--name "expansion"`: shell text of our own ("$version"), expanded inside double quotes.
  ShellCommand& expand(std::string_view name, std::string_view expansion);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "step_NAME() {\n  LINES\n}\n"
[[nodiscard]] std::string shell_function(std::string_view name, std::string_view lines);
// "  COMMAND\n"
[[nodiscard]] std::string shell_line(std::string_view prefix, const ShellCommand& command);

}  // namespace keyrite::provider
