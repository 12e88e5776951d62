// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/man_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/describe.h"
#include "cli/version.h"

namespace keyrite::cli {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 10> kExitStatus{{
    {0, "done; what is claimed was read back"},
    {1, "the act failed; the message names whatever is left half-done"},
    {2, "the command line is wrong"},
    {3, "configuration, an input file or the host is wrong"},
    {4, "the token is absent, or it refused"},
    {5, "the PIN is wrong, has one try left, is locked, or is empty: do not try again blindly"},
    {6, "a check of evidence failed: stop"},
    {7,
     "waiting for somebody: an approval, an import, a proof, or another act that writes the log; "
     "bring it, and run the command again"},
    {8,
     "the outcome is unknown: the token may or may not have acted; look at it before you run the "
     "command again"},
    {70, "a defect of keyrite"},
}};

struct Variable {
  std::string_view name{};
  std::string_view text{};
  bool ManSubject::*of{};
};
constexpr std::array<Variable, 4> kVariables{{
    {"KEYRITE_SITE", "the folder of the site where --site is not given", &ManSubject::site},
    {"CREDENTIALS_DIRECTORY",
     "set by systemd: the files keyrite-pin and keyrite-so-pin in it have the PINs "
     "(LoadCredential=)",
     &ManSubject::token},
    {"STATE_DIRECTORY, XDG_STATE_HOME, HOME",
     "where the last signed checkpoint of a new site is kept: STATE_DIRECTORY is set by systemd, "
     "and "
     "/var/lib/keyrite comes before the others",
     &ManSubject::makes_site},
    {"PKCS11SPY, P11_KIT_DEBUG, OPENSSL_CONF, OPENSSL_MODULES and others",
     "must not be set: by these others read PINs, or load code of their own (error codes "
     "debug-variable-set, code-variable-set)",
     &ManSubject::token},
}};

struct File {
  std::string_view name{};
  std::string_view text{};
  bool ManSubject::*of{};
};
constexpr std::array<File, 6> kFiles{{
    {"SITE/site.toml", "which token, log and policy; see keyrite-site(5)", &ManSubject::site},
    {"SITE/transcript/log.jsonl", "the log of every act at the site", &ManSubject::site},
    {"SITE/approvals/", "statements that wait for approvals, and those that were used",
     &ManSubject::site},
    {"/var/lib/keyrite/NAME.last-signed",
     "the last signed checkpoint of a site; site.toml says where it is", &ManSubject::site},
    {"BUNDLE/manifest.json", "what is in a bundle; see keyrite-bundle(5)", &ManSubject::bundle},
    {"/usr/share/p11-kit/modules", "PKCS#11 modules that are registered, where --module names none",
     &ManSubject::token},
}};

template <class Rows>
std::string rows_of(std::string_view title, const Rows& rows, const ManSubject& subject) {
  std::string roff;
  for (const auto& row : rows) {
    if (subject.*row.of) roff += man_term(row.name, row.text);
  }
  return roff.empty() ? roff : fmt::format(".SH {}\n{}", title, roff);
}

}  // namespace

std::string man_head(std::string_view page, std::string_view summary) {
  std::string title(page);
  for (char& c : title) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return fmt::format(".TH {} 1 \"\" \"keyrite {}\" \"keyrite\"\n.SH NAME\n{} \\- {}\n",
                     roff_text(title), version(), roff_text(page), roff_text(summary));
}

std::string man_paragraphs(std::string_view text) {
  std::string roff;
  while (!text.empty()) {
    const std::string_view paragraph = text.substr(0, text.find("\n\n"));
    roff += fmt::format("{}{}\n", roff.empty() ? "" : ".PP\n", roff_text(paragraph));
    text.remove_prefix(std::min(paragraph.size() + 2, text.size()));
  }
  return roff;
}

std::string man_term(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff_text(term), roff_text(text));
}

ManSubject subject_of(const ToolInfo& tool, const Command& command) {
  return {.token = command.token != nullptr,
          .site = command.site != SiteAccess::kNone,
          .makes_site = tool.name == kInitSite.name,
          .bundle = tool.name == kWrapForImport.name || tool.name == kVerifyImport.name ||
                    tool.name == kRotate.name};
}

std::string exit_status_section() {
  std::string roff = ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitStatus) roff += man_term(std::to_string(code), meaning);
  return roff +
         ".PP\nA signal that ends a tool before the act gives 128 and its number. The code of an "
         "error is more exact: a tool prints it after code:, and\n.BR keyrite\\-explain (1)\nlists "
         "all codes with their exit status.\n";
}

std::string environment_section(const ManSubject& subject) {
  return rows_of("ENVIRONMENT", kVariables, subject);
}

std::string files_section(const ManSubject& subject) { return rows_of("FILES", kFiles, subject); }

std::string examples_section(const std::vector<Example>& examples) {
  if (examples.empty()) return {};
  std::string roff = ".SH EXAMPLES\n";
  std::string_view between;
  for (const auto& example : examples) {
    // Set in by as little as help does: a command has 76 columns.
    roff += fmt::format("{}{}:\n.PP\n.nf\n.in 4n\n{}\n.in\n.fi\n", between, roff_text(example.what),
                        roff_text(example.command));
    between = ".PP\n";
  }
  return roff;
}

std::string see_also_section(const std::vector<std::string>& pages) {
  std::string roff = ".SH SEE ALSO\n";
  for (const auto& page : pages) {
    const auto section = page.find('(');
    roff += fmt::format(".BR {} {}{}\n", roff_text(page.substr(0, section)), page.substr(section),
                        &page == &pages.back() ? "" : ",");
  }
  return roff;
}

}  // namespace keyrite::cli
