#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "cli/describe.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/version.h"

namespace keyrite::cli {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 10> kExitStatus{{
    {0, "done"},
    {1, "the act failed"},
    {2, "the command line is wrong"},
    {3, "configuration or an input file is wrong"},
    {4, "the token is absent, or it refused"},
    {5, "the PIN is wrong, has one try left, or is locked"},
    {6, "a verification failed"},
    {7, "waiting for somebody: an approval, an import, a proof"},
    {8, "the outcome is unknown: the token may or may not have acted"},
    {70, "a defect of keyrite"},
}};

// Paragraphs of `text`, each begun by .PP.
std::string paragraphs(std::string_view text) {
  std::string roff;
  while (!text.empty()) {
    const std::string_view paragraph = text.substr(0, text.find("\n\n"));
    roff += fmt::format(".PP\n{}\n", roff_text(paragraph));
    text.remove_prefix(std::min(paragraph.size() + 2, text.size()));
  }
  return roff;
}

std::string command_sections(const Tool& tool, const Command& command) {
  const auto options = prepare_options(command);
  std::string roff;
  if (!command.name.empty()) {
    roff += fmt::format(".SS {}\n.B {}\n", roff_text(command.name),
                        roff_text(synopsis(tool, command, options)));
  }
  roff += paragraphs(command.description);
  for (const auto& group : options.groups) {
    for (const auto& field : group.fields) {
      roff += fmt::format(".TP\n.B {}\n{}\n", roff_text(field_head(field)),
                          roff_text(field_text(field)));
    }
  }
  for (const auto& example : command.examples) {
    roff += fmt::format(".PP\nExample: {}\n.PP\n.nf\n{}\n.fi\n", roff_text(example.what),
                        roff_text(example.command));
  }
  return roff;
}

std::string synopsis_lines(const Tool& tool) {
  std::string roff;
  for (const auto& command : tool.commands) {
    roff +=
        fmt::format(".B {}\n.br\n", roff_text(synopsis(tool, command, prepare_options(command))));
  }
  return roff;
}

}  // namespace

std::string man_page(const Tool& tool) {
  const std::string page = fmt::format("keyrite-{}", tool.info.name);
  std::string roff = fmt::format(
      ".TH {} 1 \"\" \"keyrite {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}", roff_text(page),
      version(), roff_text(page), roff_text(tool.info.summary), synopsis_lines(tool));
  roff += tool.commands.size() > 1 ? ".SH COMMANDS\n" : ".SH DESCRIPTION AND OPTIONS\n";
  for (const auto& command : tool.commands) roff += command_sections(tool, command);
  roff += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitStatus) {
    roff += fmt::format(".TP\n.B {}\n{}\n", code, meaning);
  }
  if (tool.man_section) roff += tool.man_section();
  return roff + ".SH SEE ALSO\n.BR keyrite (1)\n";
}

}  // namespace keyrite::cli
