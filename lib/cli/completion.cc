// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <ostream>
#include <set>

#include "base/text.h"
#include "cli/completion_values.h"
#include "cli/options.h"

namespace keyrite::cli {
namespace {

constexpr std::size_t kAboutColumns = 60;

// Set in a shell's list beside the word.
std::string about_text(std::string_view text) {
  std::string shown = printable(text.substr(0, text.find('\n')));
  if (shown.size() <= kAboutColumns) return shown;
  const auto end = shown.rfind(' ', kAboutColumns);
  return shown.substr(0, end == std::string::npos ? kAboutColumns : end) + " ...";
}

struct NamedCommand {
  std::string first{};
  std::string second{};  // empty: the name is one word
};

NamedCommand name_of(const Command& command) {
  const std::string name(command.name);
  const auto blank = name.find(' ');
  if (blank == std::string::npos) return {name, {}};
  return {name.substr(0, blank), name.substr(blank + 1)};
}

// Which command the words name, and how many of them do; nullptr: none yet.
struct Begun {
  const Command* command{nullptr};
  std::size_t words{0};
};

Begun command_begun(const Tool& tool, const std::vector<std::string>& before) {
  const Command* own = tool.commands.front().name.empty() ? &tool.commands.front() : nullptr;
  if (own != nullptr &&
      (tool.commands.size() == 1 || (!before.empty() && before.front().starts_with('-'))))
    return {own, 0};
  for (const auto& command : tool.commands) {
    const auto [first, second] = name_of(command);
    if (before.empty() || first.empty() || before[0] != first) continue;
    if (second.empty()) return {&command, 1};
    if (before.size() > 1 && before[1] == second) return {&command, 2};
  }
  return {};
}

// The next word of a command's name.
std::vector<Candidate> command_words(const Tool& tool, const std::vector<std::string>& before) {
  std::vector<Candidate> words;
  for (const auto& command : tool.commands) {
    const auto [first, second] = name_of(command);
    if (before.empty()) {
      const bool is_there =
          std::ranges::any_of(words, [&name = first](const auto& one) { return one.word == name; });
      if (!first.empty() && !is_there)
        words.push_back({first, second.empty() ? about_text(command.summary) : std::string()});
    } else if (before.size() == 1 && before.front() == first && !second.empty()) {
      words.push_back({second, about_text(command.summary)});
    }
  }
  return words;
}

// What the words before the one that is typed have said.
struct Said {
  const act::BoundField* awaited{nullptr};  // an option that takes the word
  std::size_t positionals{0};
  std::map<std::string, std::string, std::less<>> values{};  // of options, by name; flags too
  bool options_ended{false};
};

Said said_by(const std::vector<std::string>& words, const std::vector<OptionGroup>& groups) {
  Said said;
  for (const auto& word : words) {
    if (!said.options_ended && word == "--") {
      said.options_ended = true;
      said.awaited = nullptr;
      continue;
    }
    const bool is_option = !said.options_ended && word.starts_with("--");
    if (!is_option && said.awaited != nullptr) {
      said.values[std::string(said.awaited->info().name)] = word;
      if (!said.awaited->is_list()) said.awaited = nullptr;
      continue;
    }
    if (!is_option) {
      ++said.positionals;
      continue;
    }
    const auto* field = option_named(word, groups);
    said.awaited = nullptr;
    if (field == nullptr) continue;
    const auto equals = word.find('=');
    said.values[std::string(field->info().name)] =
        equals == std::string::npos ? std::string() : word.substr(equals + 1);
    if (equals == std::string::npos && !field->is_flag()) said.awaited = field;
  }
  return said;
}

std::vector<Candidate> options_left(const std::vector<OptionGroup>& groups, const Said& said) {
  std::vector<Candidate> options;
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      const auto& info = field.info();
      if (info.shape != act::Shape::kOption) continue;
      if (!field.is_list() && said.values.contains(info.name)) continue;
      options.push_back({fmt::format("--{}", info.name), about_text(info.help)});
      if (info.name == "json") options.push_back({"--json=compact", "the same in one line"});
    }
  }
  return options;
}

const act::BoundField* positional_at(std::size_t index, const std::vector<OptionGroup>& groups) {
  const act::BoundField* last = nullptr;
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      if (field.info().shape != act::Shape::kPositional) continue;
      if (index-- == 0) return &field;
      last = &field;
    }
  }
  return last != nullptr && last->is_list() ? last : nullptr;
}

ValueScene scene_of(const Tool& tool, const Command& command, const Said& said, const Env& env) {
  const auto value = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = said.values.find(name);
    if (found == said.values.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
  auto site = value("site");
  if (!site && env.variable) site = env.variable("KEYRITE_SITE");
  return {std::string(tool.info.name), std::string(command.name), site, value("tenant")};
}

// "--option=value": candidates with the option before each.
std::vector<Candidate> joined_values(std::string_view word, const std::vector<OptionGroup>& groups,
                                     const ValueScene& scene) {
  const auto* field = option_named(word, groups);
  if (field == nullptr || field->is_flag()) return {};
  const auto equals = word.find('=');
  auto values = value_candidates(field->info(), scene, word.substr(equals + 1));
  for (auto& value : values) value.word.insert(0, word.substr(0, equals + 1));
  return values;
}

std::vector<Candidate> words_of_command(const Tool& tool, const Command& command,
                                        const std::vector<std::string>& before,
                                        const std::string& begun, const Env& env) {
  const auto options = prepare_options(command);
  const Said said = said_by(before, options.groups);
  const ValueScene scene = scene_of(tool, command, said, env);
  if (!said.options_ended && begun.starts_with('-')) {
    if (begun.find('=') == std::string::npos || begun.starts_with("--json="))
      return options_left(options.groups, said);
    return joined_values(begun, options.groups, scene);
  }
  if (said.awaited != nullptr) return value_candidates(said.awaited->info(), scene, begun);
  if (const auto* field = positional_at(said.positionals, options.groups))
    return value_candidates(field->info(), scene, begun);
  return begun.empty() && !said.options_ended ? options_left(options.groups, said)
                                              : std::vector<Candidate>();
}

}  // namespace

std::string candidate_lines(const std::vector<Candidate>& candidates, std::string_view begun) {
  std::string lines;
  for (const auto& [word, about] : candidates) {
    if (!word.starts_with(begun) || printable(word) != word) continue;
    lines += about.empty() ? fmt::format("{}\n", word) : fmt::format("{}\t{}\n", word, about);
  }
  return lines;
}

std::string tool_candidates(std::string_view begun) {
  std::vector<Candidate> words;
  for (const auto& info : kCatalog)
    words.push_back({std::string(info.name), about_text(info.summary)});
  words.push_back({"help", "what a tool does, and its options"});
  if (begun.starts_with('-')) {
    words.push_back({"--help", "list the tools"});
    words.push_back({"--version", "the version"});
  }
  return candidate_lines(words, begun);
}

std::vector<Candidate> candidates(const Tool& tool, const std::vector<std::string>& words,
                                  const Env& env) {
  const std::string begun = words.empty() ? std::string() : words.back();
  const std::vector<std::string> before(words.begin(),
                                        words.empty() ? words.end() : words.end() - 1);
  const auto [command, count] = command_begun(tool, before);
  const auto rest = before.begin() + static_cast<std::ptrdiff_t>(count);
  if (command != nullptr) return words_of_command(tool, *command, {rest, before.end()}, begun, env);
  auto named = command_words(tool, before);
  // What the tool does by itself has options of its own.
  if (before.empty() && tool.commands.front().name.empty() && begun.starts_with('-'))
    return words_of_command(tool, tool.commands.front(), {}, begun, env);
  return named;
}

int print_candidates(const Tool& tool, const std::vector<std::string>& words, Env& env) {
  try {
    const std::vector<std::string> typed(words.begin() + 1, words.end());
    *env.out << candidate_lines(candidates(tool, typed, env), typed.empty() ? "" : typed.back())
             << std::flush;
  } catch (const std::exception&) {
    // Nobody who types wants to read it.
    return 0;
  }
  return 0;
}

}  // namespace keyrite::cli
