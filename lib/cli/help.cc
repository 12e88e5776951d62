#include "cli/help.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "cli/describe.h"
#include "cli/options.h"

namespace keyrite::cli {
namespace {

// Paragraphs are divided by an empty line; line ends within one are spaces.
std::string wrapped(std::string_view text) {
  std::string paragraphs;
  while (!text.empty()) {
    const std::string_view paragraph = text.substr(0, text.find("\n\n"));
    std::string one_line(paragraph);
    for (char& c : one_line) {
      if (c == '\n') c = ' ';
    }
    paragraphs += format_table({{one_line}}) + "\n";
    text.remove_prefix(std::min(paragraph.size() + 2, text.size()));
  }
  return paragraphs;
}

std::string option_lines(const OptionGroup& group) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& field : group.fields) {
    rows.push_back({fmt::format("  {}", field_head(field)), field_text(field)});
  }
  return fmt::format("{}:\n{}\n", group.title, format_table(rows));
}

std::string example_lines(const std::vector<Example>& examples) {
  std::string text;
  for (const auto& example : examples) {
    text += fmt::format("Example: {}\n", example.what);
    std::string_view rest = example.command;
    std::string_view lead = "  $ ";
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      text += fmt::format("{}{}\n", lead, line);
      lead = "    ";
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    text += "\n";
  }
  return text;
}

std::string command_lines(const Tool& tool) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& command : tool.commands) {
    if (!command.name.empty())
      rows.push_back({fmt::format("  {}", command.name), std::string(command.summary)});
  }
  return format_table(rows);
}

}  // namespace

std::string command_help(const Tool& tool, const Command& command) {
  const auto options = prepare_options(command);
  std::string text = format_table({{"Usage:", synopsis(tool, command, options)}}) + "\n";
  text += wrapped(command.description);
  for (const auto& group : options.groups) {
    if (!group.fields.empty()) text += option_lines(group);
  }
  text += example_lines(command.examples);
  if (command.name.empty() && tool.commands.size() > 1)
    text += fmt::format("Other commands:\n{}\n", command_lines(tool));
  return text + fmt::format("Exit codes and more: man keyrite-{}\n", tool.info.name);
}

std::string tool_help(const Tool& tool) {
  return fmt::format(
      "Usage:  keyrite {0} COMMAND [options]\n\n{0}: {1}\n\nCommands:\n{2}\n"
      "{3}keyrite {0} COMMAND --help tells more about one of them.\n"
      "Exit codes and more: man keyrite-{0}\n",
      tool.info.name, tool.info.summary, command_lines(tool),
      example_lines(tool.commands.front().examples));
}

}  // namespace keyrite::cli
