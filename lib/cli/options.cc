#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/color.h"

namespace keyrite::cli {
namespace {

using OutputFields = std::vector<act::Field<OutputRequest>>;

act::Field<OutputRequest> output_flag(std::string_view name, std::string_view help,
                                      bool OutputRequest::*member) {
  return {{.name = name, .help = help, .binds = act::Binds::plain()}, member};
}

OutputFields output_fields(bool dry_run, bool progress) {
  using R = OutputRequest;
  OutputFields fields{
      output_flag("json",
                  "print the result to standard output as JSON; --json=compact prints it in one "
                  "line",
                  &R::json),
      output_flag("quiet",
                  "show no notes and no progress; with --json show nothing but warnings and errors",
                  &R::quiet)};
  if (dry_run)
    fields.push_back(output_flag("dry-run", "show the plan and stop; change nothing", &R::dry_run));
  if (progress)
    fields.push_back(output_flag("no-progress", "show no progress bar", &R::no_progress));
  fields.push_back({{.name = kColorOption,
                     .value = "WHEN",
                     .help = "colour for errors, verdicts and prompts; auto: at a terminal, unless "
                             "NO_COLOR is set",
                     .default_text = "auto",
                     .choices = {"auto", "always", "never"},
                     .binds = act::Binds::plain()},
                    &R::color});
  fields.push_back(output_flag("help", "print this text", &R::help));
  fields.push_back(output_flag("version", "print the version", &R::version));
  return fields;
}

// Bound fields point into these.
const OutputFields& output_table(const Command& command) {
  static const std::array<OutputFields, 4> tables{
      output_fields(false, false), output_fields(false, true), output_fields(true, false),
      output_fields(true, true)};
  const bool dry_run = command.dry_run == DryRun::kOffered;
  return tables.at((dry_run ? 2U : 0U) + (command.progress ? 1U : 0U));
}

[[noreturn]] void refuse(std::string code, std::string message, std::string hint) {
  throw Error(Kind::kUsage, std::move(code), std::move(message), std::move(hint));
}

// Values are looked for before CLI11 does: it would take the next word, whatever it is, so that
// `--pin-file= --json` and `--label --json` would both swallow an option.
void require_values(const std::vector<std::string>& words, const std::vector<OptionGroup>& groups) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string& word = words[i];
    const auto* field = word.starts_with("--") ? option_named(word, groups) : nullptr;
    if (field == nullptr) continue;
    const auto equals = word.find('=');
    if (equals == word.size() - 1) {
      refuse("value-empty", fmt::format("the value of --{} is empty", field->info().name),
             "give a value, or leave the option out");
    }
    if (equals != std::string::npos && field->is_flag()) {
      refuse("argument-unexpected", fmt::format("--{} takes no value", field->info().name),
             "give the option without a value, or leave it out");
    }
    if (equals != std::string::npos || field->is_flag()) continue;
    if (i + 1 == words.size() || words[i + 1].starts_with("--")) {
      refuse("argument-missing", fmt::format("{} needs a value", word),
             fmt::format("{}=VALUE also takes a value that begins with --", word));
    }
    ++i;
  }
}

// A list option takes the words up to the next option. CLI11 is given each behind the option's name
// (`--evidence A B` as `--evidence A --evidence B`): left to itself it would take "[a,b]" apart.
std::vector<std::string> spread_lists(const std::vector<std::string>& words,
                                      const std::vector<OptionGroup>& groups) {
  std::vector<std::string> spread;
  for (std::size_t i = 0; i < words.size(); ++i) {
    spread.push_back(words[i]);
    if (words[i] == "--") {
      spread.insert(spread.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    const auto* field = words[i].starts_with("--") ? option_named(words[i], groups) : nullptr;
    if (field == nullptr || field->is_flag() || words[i].find('=') != std::string::npos) continue;
    if (i + 1 < words.size()) spread.push_back(words[++i]);
    while (field->is_list() && i + 1 < words.size() && !words[i + 1].starts_with('-')) {
      spread.push_back(fmt::format("--{}", field->info().name));
      spread.push_back(words[++i]);
    }
  }
  return spread;
}

[[noreturn]] void refuse_unknown_option(std::string_view word,
                                        const std::vector<OptionGroup>& groups) {
  // Only the name: what follows may be a PIN that somebody meant well with.
  const std::string name(word.substr(0, word.find('=')));
  std::vector<std::string> known;
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      if (field.info().shape == act::Shape::kOption) {
        known.push_back(fmt::format("--{}", field.info().name));
      }
    }
  }
  std::string hint = "--help lists the options";
  if (name == "--pin" || name == "--so-pin") {
    hint = fmt::format(
        "use {0}-fd or {0}-file, or type the PIN when asked: others can read the command line, so "
        "keyrite takes no PIN from it",
        name);
  } else if (const auto near = nearest(name, known)) {
    hint = fmt::format("did you mean {}? --help lists the options", *near);
  }
  refuse("option-unknown", fmt::format("there is no option {}", printable(name)), std::move(hint));
}

// CLI11 knows the options only; the other words come back from it in order, "--" among them. Those
// are the positional ones, unless they look like options that nobody knows.
std::vector<std::string> positional_words(const std::vector<std::string>& rest,
                                          const std::vector<OptionGroup>& groups) {
  std::vector<std::string> words;
  bool options_ended = false;
  for (const auto& word : rest) {
    if (!options_ended && word == "--") {
      options_ended = true;
      continue;
    }
    if (!options_ended && word.size() > 1 && word.front() == '-') {
      refuse_unknown_option(word, groups);
    }
    words.push_back(word);
  }
  return words;
}

void set_positionals(const std::vector<std::string>& words,
                     const std::vector<OptionGroup>& groups) {
  auto next = words.begin();
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      if (field.info().shape != act::Shape::kPositional || next == words.end()) continue;
      const auto end = field.is_list() ? words.end() : next + 1;
      field.set({next, end});
      next = end;
    }
  }
  if (next == words.end()) return;
  refuse("argument-unexpected", fmt::format("\"{}\" is one word too many", printable(*next)),
         "quote values that contain spaces; --help lists the options");
}

CLI::Option* add(CLI::App& app, const act::BoundField& field) {
  const std::string name = fmt::format("--{}", field.info().name);
  if (field.is_flag()) return app.add_flag(name)->disable_flag_override();
  CLI::Option* option = app.add_option(name, [](const CLI::results_t&) { return true; });
  // BoundField::set judges how many words are right, so that the message is ours.
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // Otherwise "[a,b]" would be taken apart.
  option->allow_extra_args(false);
  return option;
}

}  // namespace

const act::BoundField* option_named(std::string_view word, const std::vector<OptionGroup>& groups) {
  const std::string_view name = word.substr(2, word.find('=') - 2);
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      if (field.info().shape == act::Shape::kOption && field.info().name == name) return &field;
    }
  }
  return nullptr;
}

PreparedOptions prepare_options(const Command& command) {
  PreparedOptions options;
  options.command = command.prepare();
  options.output = std::make_shared<OutputRequest>();
  options.groups.push_back({"Options", options.command.request});
  if (command.token != nullptr) {
    options.token = command.token();
    options.groups.push_back({"Token", options.token.request});
  }
  options.site = prepare_site(command.site);
  if (command.site != SiteAccess::kNone) options.groups.push_back({"Site", options.site.fields()});
  options.groups.push_back({"Output", act::bind(output_table(command), *options.output)});
  return options;
}

void parse_words(const std::vector<std::string>& words, const std::vector<OptionGroup>& groups) {
  require_values(words, groups);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<std::pair<CLI::Option*, act::BoundField>> known;
  for (const auto& group : groups) {
    for (const auto& field : group.fields) {
      if (field.info().shape == act::Shape::kOption) known.emplace_back(add(app, field), field);
    }
  }
  try {
    // CLI11 takes the words from the back.
    const auto spread = spread_lists(words, groups);
    app.parse(std::vector<std::string>(spread.rbegin(), spread.rend()));
  } catch (const CLI::ParseError& failure) {
    refuse("usage", printable(failure.what()), "--help lists the options");
  }
  const auto positionals = positional_words(app.remaining(), groups);
  for (const auto& [option, field] : known) {
    if (option->count() > 0) field.set(field.is_flag() ? CLI::results_t{} : option->results());
  }
  set_positionals(positionals, groups);
}

void require_complete(const std::vector<OptionGroup>& groups) {
  for (const auto& group : groups) act::require_complete(group.fields);
}

}  // namespace keyrite::cli
