#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "act/request.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

struct ExplainRequest {
  std::optional<std::string> code{};
  bool markdown{false};
  static const std::vector<act::Field<ExplainRequest>>& table();
};

const std::vector<act::Field<ExplainRequest>>& ExplainRequest::table() {
  using R = ExplainRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "code",
        .value = "CODE",
        .help =
            "the word that a tool printed after \"code:\", error.code of a document, or the name "
            "of a CKR; in letters of either case",
        .default_text = "lists the codes",
        .shape = act::Shape::kPositional,
        .binds = act::Binds::plain()},
       &R::code},
      {{.name = "markdown",
        .help = "print the whole table as docs/errors.md has it",
        .binds = act::Binds::plain()},
       &R::markdown},
  };
  return fields;
}

std::string text_for(const ExplainRequest& request) {
  if (request.markdown) return cli::errors_as_markdown();
  return request.code ? cli::explanation(cli::find_error(*request.code)) : cli::list_of_errors();
}

// The text is what was asked for, as with --help, so it goes where a pager takes it from.
int explain(const ExplainRequest& request, cli::Run& run) {
  if (request.markdown && (request.code || run.json)) {
    throw Error(Kind::kUsage, "markdown-with-other",
                "--markdown prints every code, and takes neither a code nor --json",
                "leave one of them out");
  }
  if (run.json) {
    run.result(request.code ? cli::to_json(cli::find_error(*request.code)) : cli::json_of_errors());
  } else {
    *run.env->out << text_for(request);
  }
  return 0;
}

cli::Tool tool() {
  return {cli::kExplain,
          {{.summary = cli::kExplain.summary,
            .description =
                "Prints what an error code means, what to do about it, and its exit code. Without "
                "a code it lists all codes. It reads no file and no token.",
            .examples = {{"what an error means", "keyrite explain parameters-expired"},
                         {"what the token answered", "keyrite explain CKR_KEY_UNEXTRACTABLE"}},
            .prepare = cli::prepare_with(explain)}},
          cli::errors_as_man_section};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
