#include "cli/dispatch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/color.h"
#include "cli/completion.h"
#include "cli/describe.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/version.h"

namespace keyrite::cli {
namespace {

constexpr std::string_view kName = "keyrite";

bool is_tool(std::string_view name) {
  return std::ranges::find(kCatalog, name, &ToolInfo::name) != kCatalog.end();
}

void require_known(std::string_view tool) {
  if (is_tool(tool)) return;
  std::vector<std::string> names;
  for (const auto& info : kCatalog) names.emplace_back(info.name);
  const auto near = nearest(tool, names);
  throw Error(Kind::kUsage, "tool-unknown", fmt::format("there is no tool \"{}\"", printable(tool)),
              near ? fmt::format("did you mean {}? keyrite --help lists the tools", *near)
                   : "keyrite --help lists the tools");
}

void require_last(const std::vector<std::string>& words, std::size_t last) {
  if (words.size() <= last + 1) return;
  throw Error(Kind::kUsage, "argument-unexpected",
              fmt::format("\"{}\" is one word too many", printable(words[last + 1])),
              "keyrite TOOL --help lists the options of a tool");
}

Dispatch help_on(const std::vector<std::string>& words, unsigned columns) {
  require_last(words, 1);
  if (words.size() < 2) return {{}, dispatcher_help(columns)};
  require_known(words[1]);
  return {{words[1], "--help"}, {}};
}

// What may follow `keyrite`, or the tool that knows what may follow its own words.
Dispatch completion_of(const std::vector<std::string>& words) {
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (rest.size() < 2) return {{}, tool_candidates(rest.empty() ? "" : rest.back())};
  if (rest.front() == "help") return {{}, rest.size() == 2 ? tool_candidates(rest.back()) : ""};
  if (!is_tool(rest.front())) return {};
  const bool offline = rest.size() > 2 && rest[0] == "ceremony" && rest[1] == "verify";
  std::vector<std::string> program{offline ? "verify-ceremony" : rest.front(),
                                   std::string(kCompleteWord)};
  program.insert(program.end(), rest.begin() + (offline ? 2 : 1), rest.end());
  return {std::move(program), {}};
}

// Replaces this process; comes back only by an Error.
[[noreturn]] void start(const std::vector<std::string>& program, std::string_view libexec) {
  std::error_code failure;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (failure) {
    throw Error(
        Kind::kConfig, "tool-not-startable",
        fmt::format("{} cannot be started: /proc does not say where keyrite is installed ({})",
                    program.front(), failure.message()),
        "mount /proc: keyrite finds its tools by it");
  }
  const auto path = (self.parent_path() / libexec / program.front()).lexically_normal();
  std::vector<std::string> words = program;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(path.c_str(), arguments.data());
  const std::error_code reason(errno, std::generic_category());
  throw Error(Kind::kConfig, "tool-not-startable",
              fmt::format("{} cannot be started: {}", printable(path.string()), reason.message()),
              "install keyrite as a whole: its tools belong in libexec/keyrite");
}

}  // namespace

Dispatch dispatch(const std::vector<std::string>& words, unsigned columns) {
  if (words.empty()) return {{}, dispatcher_help(columns)};
  const std::string& first = words.front();
  if (first == kCompleteWord) return completion_of(words);
  if (first == "help") return help_on(words, columns);
  if (first == "--help" || first == "-h" || first == "--version" || first == "--help-man" ||
      first == "--help-man-names") {
    const auto form = first == "--version" ? document_form(words) : DocumentForm::kNone;
    require_last(words, form == DocumentForm::kNone ? 0 : 1);
    (void)without_form(words);
    if (first == "--version") return {{}, version_text(kName, form)};
    if (first == "--help-man-names") return {};  // keyrite(1) is the only one
    return {{}, first == "--help-man" ? dispatcher_man_page() : dispatcher_help(columns)};
  }
  if (first.starts_with('-')) {
    throw Error(Kind::kUsage, "option-unknown",
                fmt::format("there is no option {} before the tool's name", printable(first)),
                "give the options of a tool after its name");
  }
  require_known(first);
  // What an auditor does needs no PKCS#11: it is a program of its own.
  if (first == "ceremony" && words.size() > 1 && words[1] == "verify") {
    std::vector<std::string> offline{"verify-ceremony"};
    offline.insert(offline.end(), words.begin() + 2, words.end());
    return {std::move(offline), {}};
  }
  return {words, {}};
}

int run_dispatcher(int argc, char** argv, std::string_view libexec) {
  Env env = process_env();
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  try {
    const auto wanted = dispatch(words, env.out_columns);
    if (!wanted.program.empty()) start(wanted.program, libexec);
    *env.out << wanted.text;
    flush_output(env);
    return 0;
  } catch (const Error& error) {
    // Somebody types: what is wrong with the words is told when they are complete.
    if (!words.empty() && words.front() == kCompleteWord) return 0;
    const bool color = has_color(ColorWhen::kAuto, STDERR_FILENO);
    *env.err << error_lines(kName, error, env.err_columns, color) << std::flush;
    const auto form = document_form(words);
    if (form != DocumentForm::kNone) {
      *env.out << document_text(document(kName, "error", error_json(error)),
                                form == DocumentForm::kCompact)
               << std::flush;
    }
    return error.exit_code();
  }
}

}  // namespace keyrite::cli
