#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/screen.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/describe.h"
#include "cli/options.h"

namespace keyrite::cli {
namespace {

constexpr unsigned kNarrowest = 20;
constexpr unsigned kFewestBeside = 24;  // what explains something, in the column beside it

// As wide as the terminal, and never wider than people like to read.
unsigned width_of(unsigned columns) {
  return columns == 0 ? kColumns : std::clamp(columns, kNarrowest, kColumns);
}

// What is explained and its text, side by side; one below the other where the screen is too narrow.
std::string explained(const std::vector<std::vector<std::string>>& rows, unsigned width) {
  constexpr unsigned kGap = 2;
  constexpr std::size_t kBelow = 6;
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, columns_of(row.front()));
  if (widest + kGap + kFewestBeside <= width || width == kColumns) return format_table(rows, width);
  std::string text;
  for (const auto& row : rows) {
    text += row.front() + "\n";
    for (const auto& line : wrap_words(row.back(), width - kBelow))
      text += fmt::format("{}{}\n", std::string(kBelow, ' '), line);
  }
  return text;
}

// Paragraphs are divided by an empty line; line ends within one are spaces.
std::string wrapped(std::string_view text, unsigned width) {
  std::string paragraphs;
  while (!text.empty()) {
    const std::string_view paragraph = text.substr(0, text.find("\n\n"));
    std::string one_line(paragraph);
    for (char& c : one_line) {
      if (c == '\n') c = ' ';
    }
    paragraphs += format_table({{one_line}}, width) + "\n";
    text.remove_prefix(std::min(paragraph.size() + 2, text.size()));
  }
  return paragraphs;
}

std::string option_lines(const OptionGroup& group, unsigned width) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& field : group.fields) {
    rows.push_back({fmt::format("  {}", field_head(field)), field_text(field)});
  }
  return fmt::format("{}:\n{}\n", group.title, explained(rows, width));
}

// Where lines are too long it goes on behind a backslash, so that it may be pasted as it stands.
std::string example_command(std::string_view command, unsigned width) {
  constexpr std::string_view kSetIn = "    ";
  constexpr std::string_view kPrompt = "  $ ";
  std::string lines = lay_out(command_text(command), width);
  if (!lines.ends_with('\n')) lines += '\n';
  return lines.replace(0, kSetIn.size(), kPrompt);
}

std::string example_lines(const std::vector<Example>& examples, unsigned width) {
  std::string text;
  for (const auto& example : examples) {
    text += format_table({{fmt::format("Example: {}", example.what)}}, width);
    text += example_command(example.command, width) + "\n";
  }
  return text;
}

std::string command_lines(const Tool& tool, unsigned width) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& command : tool.commands) {
    if (!command.name.empty())
      rows.push_back({fmt::format("  {}", command.name), std::string(command.summary)});
  }
  return explained(rows, width);
}

std::string line_of(const std::string& text, unsigned width) {
  return format_table({{text}}, width);
}

}  // namespace

std::string command_help(const Tool& tool, const Command& command, unsigned columns) {
  const unsigned width = width_of(columns);
  const auto options = prepare_options(command);
  std::string text = format_table({{"Usage:", synopsis(tool, command, options)}}, width) + "\n";
  text += wrapped(command.description, width);
  for (const auto& group : options.groups) {
    if (!group.fields.empty()) text += option_lines(group, width);
  }
  text += example_lines(command.examples, width);
  if (command.name.empty() && tool.commands.size() > 1)
    text += fmt::format("Other commands:\n{}\n", command_lines(tool, width));
  return text + line_of(fmt::format("Exit codes and more: man keyrite-{}", tool.info.name), width);
}

std::string tool_help(const Tool& tool, unsigned columns) {
  const unsigned width = width_of(columns);
  const auto name = tool.info.name;
  return format_table({{"Usage:", fmt::format("keyrite {} COMMAND [options]", name)}}, width) +
         "\n" + line_of(fmt::format("{}: {}", name, tool.info.summary), width) +
         fmt::format("\nCommands:\n{}\n", command_lines(tool, width)) +
         example_lines(tool.commands.front().examples, width) +
         line_of(fmt::format("keyrite {} COMMAND --help tells more about one of them.", name),
                 width) +
         line_of(fmt::format("Exit codes and more: man keyrite-{}", name), width);
}

std::string dispatcher_help(unsigned columns) {
  const unsigned width = width_of(columns);
  std::vector<std::vector<std::string>> tools;
  for (const auto& info : kCatalog)
    tools.push_back({fmt::format("  {}", info.name), std::string(info.summary)});
  return format_table({{"Usage:", "keyrite TOOL [options]"}}, width) + "\n" +
         line_of(
             "Makes keys inside a PKCS#11 HSM, wraps them inside it for import into AWS KMS, Azure "
             "Key Vault, Azure Managed HSM and Google Cloud KMS, and proves that the cloud holds "
             "the same key.",
             width) +
         fmt::format("\nTools:\n{}\n", explained(tools, width)) +
         explained({{"  keyrite help TOOL", "what a tool does, and its options"},
                    {"  keyrite --version", "the version"}},
                   width) +
         "\nExample:\n" +
         example_command("keyrite token-check --token 'pkcs11:token=ceremony'", width);
}

}  // namespace keyrite::cli
