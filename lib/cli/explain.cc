#include "cli/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "cli/describe.h"
#include "cli/report.h"
#include "pkcs11/ckr.h"

namespace keyrite::cli {
namespace {

constexpr const char* kMarkdownHead =
    R"(# Error codes

<!-- Written by `keyrite explain --markdown`; a test holds this file to it. The table is lib/*/errors.inc. -->

Every error has a code, a stable word for scripts. A tool prints it behind `code:`, `--json` has it in `error.code`
([exit codes and error documents](exit-codes.md)), and the log has it where a refusal was logged.
`keyrite explain CODE` prints its row. The kind decides the exit code.

## Codes of keyrite

)";

constexpr const char* kMarkdownCkr = R"(
## What a token answers

A PKCS#11 call that fails becomes an error whose code is the name of the token's answer. The message names the call.
What each answer means for a question about ability: [ADR 23](adr/0023-what-a-ckr-answers.md).

)";

std::string exit_code_of(const ErrorInfo& error) {
  return fmt::format("{} ({})", static_cast<int>(error.kind), kind_name(error.kind));
}

// A cell of a Markdown table: what would end it, or be taken for HTML or markup, is escaped.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<' || c == '|' || c == '*' || c == '_' || c == '[' || c == '`') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string markdown_rows(const std::vector<ErrorInfo>& table) {
  std::string text = "| code | exit code | meaning | what to do |\n|---|---|---|---|\n";
  for (const auto& error : table) {
    text += fmt::format("| `{}` | {} | {} | {} |\n", error.code, exit_code_of(error),
                        cell(error.meaning), cell(error.remedy));
  }
  return text;
}

std::string list_rows(const std::vector<ErrorInfo>& table) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& error : table) rows.push_back({error.code, error.meaning});
  return format_table(rows);
}

std::string roff_rows(const std::vector<ErrorInfo>& table) {
  std::string roff;
  for (const auto& error : table) {
    roff += fmt::format(".TP\n.B {}\nExit code {}. {}\n{}\n", roff_text(error.code),
                        roff_text(exit_code_of(error)), roff_text(error.meaning),
                        roff_text(error.remedy));
  }
  return roff;
}

// ASCII letters alone: a code has no others.
std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

const ErrorInfo* find_in(const std::vector<ErrorInfo>& table, std::string_view code) {
  const auto row = std::ranges::lower_bound(table, code, {}, &ErrorInfo::code);
  return row != table.end() && row->code == code ? &*row : nullptr;
}

}  // namespace

const ErrorInfo& find_error(std::string_view code) {
  const std::string small = in_small_letters(code);
  const std::string wanted = small.starts_with("ckr_") ? pkcs11::ckr_code(code) : small;
  for (const auto* table : {&error_table(), &ckr_error_table()}) {
    if (const auto* row = find_in(*table, wanted)) return *row;
  }
  std::vector<std::string> known;
  for (const auto* table : {&error_table(), &ckr_error_table()}) {
    for (const auto& row : *table) known.push_back(row.code);
  }
  const auto near = nearest(wanted, known);
  throw Error(Kind::kUsage, "error-unknown",
              fmt::format("there is no error code \"{}\"", printable(code)),
              near ? fmt::format("did you mean {}? keyrite explain lists the codes", *near)
                   : "keyrite explain lists the codes");
}

std::string explanation(const ErrorInfo& error) {
  const auto paragraph = [](const std::string& text) { return format_table({{text}}); };
  return fmt::format("{}: exit code {}\n\n{}\nWhat to do:\n{}", error.code, exit_code_of(error),
                     paragraph(error.meaning), paragraph(error.remedy));
}

std::string list_of_errors() {
  return fmt::format("{}\nWhat a token answers:\n\n{}\nkeyrite explain CODE tells what to do.\n",
                     list_rows(error_table()), list_rows(ckr_error_table()));
}

Json to_json(const ErrorInfo& error) {
  return {{"code", error.code},
          {"kind", kind_name(error.kind)},
          {"exit_code", static_cast<int>(error.kind)},
          {"meaning", error.meaning},
          {"remedy", error.remedy}};
}

Json json_of_errors() {
  Json errors = Json::array();
  for (const auto* table : {&error_table(), &ckr_error_table()}) {
    for (const auto& error : *table) errors.push_back(to_json(error));
  }
  return {{"errors", std::move(errors)}};
}

std::string errors_as_markdown() {
  return kMarkdownHead + markdown_rows(error_table()) + kMarkdownCkr +
         markdown_rows(ckr_error_table());
}

std::string errors_as_man_section() {
  return ".SH ERROR CODES\n" + roff_rows(error_table()) + ".SS What a token answers\n" +
         roff_rows(ckr_error_table());
}

}  // namespace keyrite::cli
