#include "acts/internal/verify_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::acts {

namespace {

constexpr unsigned kColumns = 80;
constexpr std::string_view kSetIn = "    ";

}  // namespace

void VerifyText::title(std::string_view text) {
  text_ +=
      fmt::format("{}{}\n{}\n\n", text_.empty() ? "" : "\n", text, std::string(text.size(), '-'));
}

void VerifyText::say(std::string_view paragraph) {
  text_ += format_table({{std::string(paragraph)}}, kColumns) + "\n";
}

void VerifyText::command(const std::vector<std::string>& words) {
  std::string line(kSetIn);
  for (const auto& word : words) {
    const bool first = line.size() == kSetIn.size();
    // One column stays free for the blank before the backslash, and one for that.
    if (!first && line.size() + 1 + word.size() > kColumns - 2) {
      text_ += line + " \\\n";
      line = std::string(kSetIn) + "    " + word;
    } else {
      line += (first ? "" : " ") + word;
    }
  }
  text_ += line + "\n\n";
}

}  // namespace keyrite::acts
