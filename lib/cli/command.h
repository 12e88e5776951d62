// What a tool is, as data: its commands, each with a request (from its table), an example, and a
// function that does the work. run_tool() (cli/run_tool.h) does everything around them. Tools are
// built once and never changed; a Run lives for one command, on one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "act/token_door.h"
#include "base/json.h"
#include "cli/catalog.h"
#include "cli/env.h"
#include "cli/site_access.h"

namespace keyrite::cli {

class ProgressBar;  // cli/progress.h

// A text for the person, laid out for the terminal (base/screen.h), with its verdicts in colour;
// ends its last line if the text does not.
void show_text(const Env& env, std::string_view text);

// Where the text of a command goes. What is looked at and kept (a list, a report) is its result,
// and goes to standard output: less, files and printers take it from there. What an act says of
// itself goes to standard error. With --json all text does.
enum class TextIs { kNote, kResult };

// What a command works with, and where its results go. People read stderr, and results on stdout;
// programs read stdout with --json.
struct Run {
  act::Context context{};
  Env* env{};
  bool json{false};
  TextIs text_is{TextIs::kNote};
  bool compact{false};  // --json=compact: the document is one line
  bool quiet{false};    // no notes; with --json no text for people either
  // What --json prints at the end: "result" or "plan", and its value. Set by result() and plan().
  std::string_view document_name{};
  std::optional<Json> document{};
  // Of a command that did something before it failed: fields that the document's error has besides.
  Json beside_error = Json::object();
  std::string_view tool{};  // its name
  // The door to the token of the context; unset where the command has no token options.
  std::function<std::unique_ptr<act::TokenDoor>()> door{};
  // What went wrong when all was done (act::Context::warn); every document of the run lists it.
  std::shared_ptr<std::vector<std::string>> warnings{std::make_shared<std::vector<std::string>>()};
  std::shared_ptr<ProgressBar> bar{};  // nullptr: none is shown

  void show(std::string_view text) const;
  // Whether texts of results are for nobody: a program reads the document.
  [[nodiscard]] bool is_silent() const { return quiet && json; }
  void result(Json value);  // the outcome of the act
  void plan(Json value);    // what --dry-run shows
  // Prints the document, once, where --json asks for one, and makes sure that it arrived. Error
  // kFailed "output-unwritable".
  void print_document();
};

// A command's request object, bound to its fields, with the work to be done on it. Returns the exit
// code: 0, or another one of base/error.h where that is a verdict and not an error (verify-import).
struct PreparedCommand {
  act::BoundRequest request{};
  std::function<int(Run&)> run{};
};

// Token options of a command, bound. Made by the functions of cli/token_access.h; a command that
// names none is linked without PKCS#11.
struct PreparedToken {
  act::BoundRequest request{};
  // `site`: whose token and PIN source it is, where there is one.
  std::function<act::TokenBinding(const Env&, const std::optional<act::SiteBinding>& site)>
      binding{};
  std::function<std::unique_ptr<act::TokenDoor>()> door{};
};
using TokenAccess = PreparedToken (*)();

struct Example {
  std::string_view what{};  // a sentence without a full stop
  std::string_view
      command{};  // "keyrite generate-kek --token ...", with \ and newline where it is long
};

enum class DryRun { kNotOffered, kOffered };

struct Command {
  // "aws", or two words: "timestamp request"; empty when it is the tool's only command, or the
  // first of several: what the tool does unless its first word names another one
  std::string_view name{};
  std::string_view summary{};
  std::string_view description{};  // paragraphs, an empty line between them
  std::vector<Example> examples{};
  TokenAccess token{nullptr};
  SiteAccess site{SiteAccess::kNone};
  // Without a site it makes the one whose log it is in, or it ends by an error.
  bool makes_site{false};
  DryRun dry_run{DryRun::kNotOffered};
  // It may take long, and shows how far it has come (cli/progress.h); has the option --no-progress.
  bool progress{false};
  TextIs text_is{TextIs::kNote};
  std::function<PreparedCommand()> prepare{};
};

struct Tool {
  ToolInfo info{};
  std::vector<Command> commands{};
  // A section of the man page, in roff, behind those that every tool has; may be empty.
  std::function<std::string()> man_section{};
};

// The usual `prepare`: a fresh Request whose fields are those of Request::table().
template <class Request>
[[nodiscard]] std::function<PreparedCommand()> prepare_with(int (*work)(const Request&, Run&)) {
  return [work]() -> PreparedCommand {
    const auto request = std::make_shared<Request>();
    return {act::bind(Request::table(), *request),
            [request, work](Run& run) { return work(*request, run); }};
  };
}

}  // namespace keyrite::cli
