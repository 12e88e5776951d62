#include "audit/internal/verify_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::audit {

namespace {

constexpr unsigned kVerifyColumns = 80;
constexpr std::string_view kSetIn = "    ";

// No line of a sentence is set in like a command.
std::string flush_left(std::string_view lines) {
  std::string text;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    text += fmt::format("{}\n", line.substr(std::min(line.find_first_not_of(' '), line.size())));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  return text;
}

}  // namespace

ShellWord::ShellWord(std::string_view text) : text_(shell_quote(text)) {
  if (printable(text) == text) return;
  throw Error(Kind::kConfig, "name-unprintable",
              fmt::format("\"{}\" has invisible characters, and a command would contain it",
                          printable(text)),
              "give it another name");
}

ShellWord ShellWord::syntax(const char* as_it_stands) {
  ShellWord word;
  word.text_ = as_it_stands;
  return word;
}

void VerifyText::title(std::string_view text) {
  const std::string shown = printable(text);
  text_ +=
      fmt::format("{}{}\n{}\n\n", text_.empty() ? "" : "\n", shown, std::string(shown.size(), '-'));
}

void VerifyText::say(std::string_view paragraph) {
  text_ += flush_left(format_table({{printable(paragraph)}}, kVerifyColumns)) + "\n";
}

void VerifyText::command(const ShellWords& words) {
  std::string line(kSetIn);
  for (const auto& word : words) {
    const bool first = line.size() == kSetIn.size();
    // One column stays free for the blank before the backslash, and one for that.
    if (!first && line.size() + 1 + word.text().size() > kVerifyColumns - 2) {
      text_ += line + " \\\n";
      line = std::string(kSetIn) + "    " + word.text();
    } else {
      line += (first ? "" : " ") + word.text();
    }
  }
  text_ += line + "\n\n";
}

}  // namespace keyrite::audit
