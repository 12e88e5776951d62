#include "cli/command.h"

#include <utility>

#include "base/screen.h"
#include "cli/progress.h"
#include "cli/report.h"

namespace keyrite::cli {

void show_text(const Env& env, std::string_view text) {
  *env.err << lay_out(text, env.err_columns);
  if (!text.ends_with('\n')) *env.err << '\n';
}

void Run::show(std::string_view text) const {
  if (bar) bar->clear();
  show_text(*env, text);
}

void Run::result(Json value) {
  document_name = "result";
  document = std::move(value);
}

void Run::plan(Json value) {
  document_name = "plan";
  document = std::move(value);
}

void Run::print_document() {
  if (json && document) {
    Json whole = cli::document(tool, document_name, std::move(*document));
    if (!warnings->empty()) whole["warnings"] = *warnings;
    *env->out << dump_json(whole);
  }
  document.reset();
  flush_output(*env);
}

}  // namespace keyrite::cli
