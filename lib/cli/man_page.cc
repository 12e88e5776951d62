#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cli/describe.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "cli/man_sections.h"
#include "cli/options.h"

namespace keyrite::cli {
namespace {

std::string page_of(const Tool& tool, const Command& command) {
  std::string page = fmt::format("keyrite-{}", tool.info.name);
  if (!command.name.empty()) page += fmt::format("-{}", command.name);
  std::ranges::replace(page, ' ', '-');
  return page;
}

bool is_only(const Tool& tool) { return tool.commands.size() == 1; }

std::string synopsis_of(const Tool& tool, const Command& command) {
  return fmt::format(".B {}\n", roff_text(synopsis(tool, command, prepare_options(command))));
}

std::string options_section(const Command& command) {
  const auto options = prepare_options(command);
  std::string roff;
  for (const auto& group : options.groups) {
    if (group.fields.empty()) continue;
    roff += roff.empty() ? std::string(".SH OPTIONS\n") : fmt::format(".SS {}\n", group.title);
    for (const auto& field : group.fields) roff += man_term(field_head(field), field_text(field));
  }
  return roff;
}

std::string sections_of(const Tool& tool, const Command& command) {
  const ManSubject subject = subject_of(tool.info, command);
  return ".SH DESCRIPTION\n" + man_paragraphs(command.description) + options_section(command) +
         exit_status_section() + environment_section(subject) + files_section(subject) +
         examples_section(command.examples);
}

std::vector<std::string> pages_about(const ManSubject& subject) {
  std::vector<std::string> pages{"keyrite(1)", "keyrite-explain(1)"};
  if (subject.site || subject.makes_site) pages.emplace_back("keyrite-site(5)");
  if (subject.bundle) pages.emplace_back("keyrite-bundle(5)");
  return pages;
}

// The other commands of a tool, each with a page of its own.
std::string commands_section(const Tool& tool) {
  std::string roff = ".SH COMMANDS\n";
  for (const auto& command : tool.commands) {
    if (command.name.empty()) continue;
    roff += man_term(command.name, command.summary);
  }
  return roff + ".PP\nEach has a page of its own, with its options.\n";
}

std::string synopses_of(const Tool& tool) {
  std::string roff;
  for (const auto& command : tool.commands) {
    if (!roff.empty()) roff += ".br\n";
    roff += synopsis_of(tool, command);
  }
  return roff;
}

}  // namespace

std::string man_page(const Tool& tool) {
  const Command& first = tool.commands.front();
  std::string roff = man_head(fmt::format("keyrite-{}", tool.info.name), tool.info.summary) +
                     ".SH SYNOPSIS\n" + synopses_of(tool);
  if (!is_only(tool)) roff += commands_section(tool);
  std::vector<std::string> pages = pages_about(subject_of(tool.info, first));
  if (first.name.empty()) {
    roff += sections_of(tool, first);
  } else {
    roff += exit_status_section() + examples_section(first.examples);
  }
  if (tool.man_section) roff += tool.man_section();
  for (const auto& command : tool.commands) {
    if (!command.name.empty()) pages.push_back(page_of(tool, command) + "(1)");
  }
  return roff + see_also_section(pages);
}

std::string command_man_page(const Tool& tool, const Command& command) {
  if (command.name.empty()) return man_page(tool);
  std::vector<std::string> pages{fmt::format("keyrite-{}(1)", tool.info.name)};
  std::ranges::copy(pages_about(subject_of(tool.info, command)), std::back_inserter(pages));
  return man_head(page_of(tool, command), command.summary) + ".SH SYNOPSIS\n" +
         synopsis_of(tool, command) + sections_of(tool, command) + see_also_section(pages);
}

std::string man_page_names(const Tool& tool) {
  std::string lines;
  for (const auto& command : tool.commands) {
    if (!command.name.empty())
      lines += fmt::format("{} {}\n", page_of(tool, command), command.name);
  }
  return lines;
}

std::string dispatcher_man_page() {
  constexpr ManSubject kAll{.token = true, .site = true, .makes_site = true, .bundle = true};
  std::string roff =
      man_head("keyrite", "key ceremonies with an HSM and the clouds") +
      ".SH SYNOPSIS\n.B keyrite\n.I TOOL\n[options]\n.br\n.B keyrite help\n.I TOOL\n.br\n"
      ".B keyrite \\-\\-version\n[\\-\\-json]\n"
      ".SH DESCRIPTION\nMakes keys inside a PKCS#11 HSM, wraps them inside it for import into AWS "
      "KMS, Azure Key Vault, Azure Managed HSM and Google Cloud KMS, and proves that the cloud "
      "holds the same key. The key is never in the memory of the machine.\n"
      ".PP\nWhat is looked at goes to standard output, and what an act says of itself to standard "
      "error. With \\-\\-json each tool prints one document for programs on standard output, and "
      "all texts on standard error, whether it succeeds or not.\n.SH TOOLS\n";
  std::vector<std::string> pages{"keyrite-site(5)", "keyrite-bundle(5)"};
  for (const auto& info : kCatalog) {
    roff += man_term(info.name, info.summary);
    pages.push_back(fmt::format("keyrite-{}(1)", info.name));
  }
  return roff + exit_status_section() + environment_section(kAll) + files_section(kAll) +
         examples_section({{"find out what a token can do",
                            "keyrite token-check --token 'pkcs11:token=ceremony'"},
                           {"make a site, and a key in its token",
                            "keyrite init-site site --module /opt/hsm/lib/libpkcs11.so \\\n    "
                            "--token 'pkcs11:token=Ceremony' --origin acme.example/hsm1\nexport "
                            "KEYRITE_SITE=$PWD/site\nkeyrite generate-kek --type aes-256 --label "
                            "acme --for aws"},
                           {"what an error code means", "keyrite explain pin-wrong"}}) +
         see_also_section(pages);
}

}  // namespace keyrite::cli
