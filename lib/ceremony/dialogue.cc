// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/dialogue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/screen.h"
#include "base/text.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kFewestColumns = 40;
constexpr std::size_t kMostColumns = 100;
constexpr const char* kDeviation = "!";
constexpr const char* kLeave = "q";

}  // namespace

Dialogue::Dialogue(const act::Context& context, std::function<unsigned()> columns)
    : context_(context), columns_(std::move(columns)) {}

std::size_t Dialogue::columns() const {
  const unsigned told = columns_ ? columns_() : 0;
  return std::clamp<std::size_t>(told == 0 ? kColumns : told, kFewestColumns, kMostColumns);
}

void Dialogue::line(std::string_view text) const {
  if (context_.show) context_.show(fmt::format("{}\n", printable(text)));
}

void Dialogue::say(std::string_view text, std::size_t indent) const {
  const std::string blanks(indent, ' ');
  std::string paragraph;
  const auto flush = [&] {
    if (paragraph.empty()) return;
    for (const auto& one : wrap_words(paragraph, columns() - indent)) line(blanks + one);
    paragraph.clear();
  };
  // A line that begins with a blank is a command or a value, and stays whole.
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty() || one.starts_with(' ')) {
      flush();
      line(one.empty() ? std::string() : blanks + std::string(one));
    } else {
      paragraph += (paragraph.empty() ? "" : " ") + std::string(one);
    }
  }
  flush();
}

void Dialogue::rule() const { line(std::string(columns(), '-')); }

void Dialogue::both(std::string_view left, std::string_view right) const {
  const std::size_t width = columns();
  if (left.size() + right.size() + 2 > width) {
    say(left);
    say(right);
    return;
  }
  line(fmt::format("{}{}{}", left, std::string(width - left.size() - right.size(), ' '), right));
}

void Dialogue::value(std::string_view name, std::string_view hex) const {
  line(fmt::format("  {}", name));
  for (const auto& one : wrap_words(in_fours(hex), columns() - 4)) line("    " + one);
}

std::string Dialogue::typed(const std::string& prompt) const {
  if (!context_.read_line) {
    throw Error(Kind::kUsage, "terminal-missing", "nobody can answer: there is no terminal",
                "run the command at a terminal");
  }
  // Nothing is under way at a prompt: whoever stops there loses nothing.
  if (context_.release_signals) context_.release_signals();
  const auto line = context_.read_line(prompt);
  if (line) return *line;
  throw Error(Kind::kWaiting, "ceremony-left", "the input ended: the ceremony waits",
              "keyrite ceremony resume goes on with the same step");
}

bool Dialogue::enter_deviation(std::string_view why) const {
  if (!why.empty()) say(why);
  Answer entered{.asked = context_.now()};
  do {
    entered.text = typed("What differs from the script? ");
  } while (entered.text.empty());
  const std::string words = "confirmed";
  std::string answer;
  do {
    answer = typed(fmt::format("Witness, type \"{}\" (or \"no\" to drop it): ", words));
    if (answer == "no") return false;
  } while (answer != words);
  entered.answered = context_.now();
  if (deviation) deviation(entered);
  return true;
}

Answer Dialogue::ask(const std::string& prompt) const {
  while (true) {
    Answer answer{.asked = context_.now()};
    answer.text = typed(prompt);
    answer.answered = context_.now();
    if (answer.text == kDeviation) {
      (void)enter_deviation();
    } else if (answer.text == kLeave) {
      throw Error(Kind::kWaiting, "ceremony-left", "the ceremony waits at this step",
                  "keyrite ceremony resume goes on with it");
    } else {
      return answer;
    }
  }
}

Answer Dialogue::ask_until(const std::string& prompt, const Objection& fits) const {
  while (true) {
    Answer answer = ask(prompt);
    const std::string objection = fits(answer.text);
    if (objection.empty()) return answer;
    say(objection);
  }
}

Answer Dialogue::ask_words(const std::string& words) const {
  say(fmt::format("Type exactly: {}", words));
  return ask_until("> ", [&](const std::string& text) {
    return text == words ? std::string()
                         : fmt::format("That is not what the script says. Type exactly: {}", words);
  });
}

std::pair<std::size_t, Answer> Dialogue::choose(const std::vector<std::string>& words) const {
  std::size_t place = 0;
  Answer answer = ask_until("> ", [&](const std::string& text) {
    const auto found = std::ranges::find(words, text);
    place = static_cast<std::size_t>(found - words.begin());
    return found != words.end() ? std::string() : std::string("Type one of the words above.");
  });
  return {place, std::move(answer)};
}

}  // namespace keyrite::ceremony
