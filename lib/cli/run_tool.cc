#include "cli/run_tool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/completion.h"
#include "cli/fresh_process.h"
#include "cli/harden.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signal_guard.h"
#include "cli/version.h"
#include "cli/waiting_dots.h"

namespace keyrite::cli {
namespace {

// --help, --version and --help-man come before everything else, wherever they stand.
bool has_word(const std::vector<std::string>& words, std::string_view word) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, word) != end;
}

// A command's name is one word, or two: "timestamp request".
std::size_t words_in(std::string_view name) {
  return 1 + static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
}

bool is_named(const Command& command, const std::vector<std::string>& words) {
  const bool two = words_in(command.name) == 2 && words.size() > 1;
  return command.name == (two ? words[0] + " " + words[1] : words[0]);
}

const Command& command_of(const Tool& tool, const std::vector<std::string>& words) {
  // Without a name: what the tool does unless its first word names another command.
  const bool has_own = tool.commands.front().name.empty();
  if (has_own && (tool.commands.size() == 1 || words.empty() || words.front().starts_with('-')))
    return tool.commands.front();
  std::vector<std::string> names;
  for (const auto& command : tool.commands) {
    if (!command.name.empty()) names.emplace_back(command.name);
  }
  const std::string hint = fmt::format("keyrite {} --help lists its commands", tool.info.name);
  if (words.empty() || words.front().starts_with('-')) {
    throw Error(Kind::kUsage, "command-missing",
                fmt::format("{} needs a command before the options", tool.info.name), hint);
  }
  for (const auto& command : tool.commands) {
    if (is_named(command, words)) return command;
  }
  std::string seconds;
  for (const auto& name : names) {
    if (name.starts_with(words.front() + " "))
      seconds += (seconds.empty() ? "" : ", ") + name.substr(words.front().size() + 1);
  }
  if (!seconds.empty()) {
    throw Error(
        Kind::kUsage, "command-missing",
        fmt::format("{} {} needs a second word: {}", tool.info.name, words.front(), seconds), hint);
  }
  const auto near = nearest(words.front(), names);
  throw Error(Kind::kUsage, "command-unknown",
              fmt::format("{} has no command \"{}\"", tool.info.name, printable(words.front())),
              near ? fmt::format("did you mean {}? {}", *near, hint) : hint);
}

std::string warning_lines(std::string_view tool, std::string_view text, const Env& env) {
  const std::string head = fmt::format("{}: warning", tool);
  return tone_heads(prefixed(head, text, env.err_columns), head + ":", Tone::kCare, env.err_color);
}

void choose_colors(Env& env, const std::vector<std::string>& words) {
  const ColorWhen when = color_when(words);
  env.out_color = has_color(when, STDOUT_FILENO);
  env.err_color = has_color(when, STDERR_FILENO);
  env.terminal = controlling_terminal(when);
}

// What is told while an act runs, and how far it has come.
void tell_person(Run& run, std::string_view name, Env& env, bool progress) {
  const auto bar = progress && !run.quiet && env.err_columns != 0
                       ? std::make_shared<ProgressBar>(*env.err, env.err_columns)
                       : nullptr;
  const auto dots = std::make_shared<std::weak_ptr<WaitingDots>>();
  const auto clear = [bar, dots] {
    if (bar) bar->clear();
    if (const auto there = dots->lock()) there->clear();
  };
  const auto above_bar = [clear, &env](const std::string& text) {
    clear();
    *env.err << text << std::flush;
  };
  if (!run.quiet && env.err_columns != 0 && env.err_descriptor >= 0) {
    run.context.busy = [dots, &env, name](std::string_view what) -> std::shared_ptr<void> {
      const auto waiting = std::make_shared<WaitingDots>(fmt::format("{}: {}", name, what),
                                                         env.err_descriptor, env.err_columns);
      *dots = waiting;
      return waiting;
    };
  }
  run.bar = bar;
  if (bar) {
    run.context.progress = [bar](std::uint64_t done, std::optional<std::uint64_t> total) {
      bar->show(done, total);
    };
  }
  run.context.note = [above_bar, &env, name, quiet = run.quiet](std::string_view text) {
    if (!quiet) above_bar(prefixed(name, text, env.err_columns));
  };
  run.context.warn = [above_bar, &env, name, all = run.warnings](std::string_view text) {
    above_bar(warning_lines(name, text, env));
    all->push_back(printable(text));
  };
  run.context.show = [clear, &env, silent = run.is_silent()](std::string_view text) {
    if (silent) return;
    clear();
    show_text(env, text);
  };
}

Run prepare_run(const PreparedOptions& options, const Tool& tool, Env& env,
                const Command& command) {
  Run run;
  run.env = &env;
  run.json = options.output->json;
  run.text_is = command.text_is;
  run.quiet = options.output->quiet;
  run.tool = tool.info.name;
  run.context.now = env.now;
  if (options.output->dry_run) env.terminal = in_dry_run(env.terminal);
  run.context.ask = env.terminal.ask;
  run.context.read_line = env.terminal.read_line;
  tell_person(run, tool.info.name, env, command.progress && !options.output->no_progress);
  run.context.hold_signals = env.hold_signals;
  run.context.release_signals = env.release_signals;
  run.context.interrupted = env.interrupted;
  run.context.dry_run = options.output->dry_run;
  run.context.tool_version = fmt::format("keyrite {}", version());
  run.context.program = env.program;
  run.context.site = options.site.use(env);
  run.context.operator_name = options.site.operator_name(env, run.context.site);
  run.context.user = env.user;
  run.context.start_fresh = [program = env.program](std::string_view word,
                                                    const std::string& question,
                                                    const crypto::SecretBytes* pin) {
    return start_fresh(program, word, question, pin);
  };
  if (run.context.site) {
    for (const auto& weakness : run.context.site->site.weaknesses) run.context.note(weakness);
  }
  const bool unlogged = options.site.access == SiteAccess::kApproved && !run.context.site;
  if (unlogged && !run.context.dry_run && !command.makes_site)
    run.context.note("no site is given (--site, KEYRITE_SITE): this command is not logged");
  if (options.token.binding) run.context.token = options.token.binding(env, run.context.site);
  run.door = options.token.door;
  return run;
}

int report(const Tool& tool, const Error& error, DocumentForm form, Env& env,
           const Json& besides = Json::object()) {
  *env.err << error_lines(tool.info.name, error, env.err_columns, env.err_color) << std::flush;
  if (form != DocumentForm::kNone && *env.out) {
    Json told = error_json(error);
    told.update(besides);
    *env.out << document_text(document(tool.info.name, "error", std::move(told)),
                              form == DocumentForm::kCompact)
             << std::flush;
  }
  return error.exit_code();
}

int run_command(const Tool& tool, const Command& command, std::vector<std::string> words,
                DocumentForm form, Env& env) {
  if (!command.name.empty())
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(words_in(command.name)));
  const auto options = prepare_options(command);
  parse_words(words, options.groups);
  require_complete(options.groups);
  refuse_debug_variables(env.variable);
  refuse_code_variables(env.variable);
  Run run = prepare_run(options, tool, env, command);
  run.compact = form == DocumentForm::kCompact;
  try {
    const int code = options.command.run(run);
    run.print_document();
    return code;
  } catch (const Error& error) {
    if (run.beside_error.empty()) throw;
    return report(tool, error, form, env, run.beside_error);
  }
}

// The texts that need no request; nullopt: a command is to be run.
std::optional<std::string> text_asked_for(const Tool& tool, const std::vector<std::string>& words,
                                          unsigned columns) {
  if (has_word(words, "--help-man-names")) return man_page_names(tool);
  if (has_word(words, "--help-man")) {
    return words.front().starts_with('-') ? man_page(tool)
                                          : command_man_page(tool, command_of(tool, words));
  }
  if (has_word(words, "--version")) return version_text(tool.info.name, document_form(words));
  if (!has_word(words, "--help") && !has_word(words, "-h")) return std::nullopt;
  const bool about_tool = !tool.commands.front().name.empty() && tool.commands.size() > 1 &&
                          words.front().starts_with('-');
  return about_tool ? tool_help(tool, columns)
                    : command_help(tool, command_of(tool, words), columns);
}

Error internal(std::string_view what) {
  return {Kind::kInternal, "internal", fmt::format("unexpected: {}", what),
          "this is a defect of keyrite; if a token was in use, look at it before running again"};
}

// g++ says by a macro that AddressSanitizer is on, clang by a feature test.
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define KEYRITE_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define KEYRITE_ADDRESS_SANITIZER
#endif

// Process exit without exit handlers; the leak checker of a sanitizer build needs its own, and so
// does a build that counts the lines it runs.
int end_process(int code) {
#if defined(KEYRITE_ADDRESS_SANITIZER) || defined(KEYRITE_COVERAGE)
  return code;
#else
  _exit(code);
#endif
}

}  // namespace

int run_words(const std::vector<std::string>& words, const Tool& tool, Env& env) {
  if (!words.empty() && words.front() == kCompleteWord) return print_candidates(tool, words, env);
  const auto form = document_form(words);
  try {
    if (const auto text = text_asked_for(tool, words, env.out_columns)) {
      *env.out << *text;
      flush_output(env);
      return 0;
    }
    const auto plain = without_form(words);
    return run_command(tool, command_of(tool, plain), plain, form, env);
  } catch (const Error& error) {
    return report(tool, error, form, env);
  } catch (const std::exception& escaped) {
    return report(tool, internal(escaped.what()), form, env);
  } catch (...) {
    return report(tool, internal("an exception of no known type"), form, env);
  }
}

int run_tool(int argc, char** argv, const Tool& tool) {
  Env env = process_env();
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  // Somebody types: nothing else happens.
  if (!words.empty() && words.front() == kCompleteWord) return print_candidates(tool, words, env);
  choose_colors(env, words);
  try {
    for (const auto& warning : harden_process()) {
      *env.err << warning_lines(tool.info.name, warning, env);
    }
  } catch (const Error& error) {
    return report(tool, error, document_form(words), env);
  }
  const bool at_token =
      std::any_of(tool.commands.begin(), tool.commands.end(),
                  [](const Command& command) { return command.token != nullptr; });
  guard_signals(tool.info.name, at_token ? WorksAt::kToken : WorksAt::kFiles);
  const int code = run_words(words, tool, env);
  return at_token ? end_process(code) : code;
}

}  // namespace keyrite::cli
