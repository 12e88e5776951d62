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

namespace {

// What to look at before the command is run again, by what it may have done.
std::string_view hint_of(const Run& run) {
  if (run.door) return "look at the token before you run the command again; the disk may be full";
  if (run.context.site)
    return "look at the log (keyrite transcript show) before you run the command again; the disk "
           "may be full";
  return kUnwritableHint;
}

}  // namespace

void Run::show(std::string_view text) const {
  if (is_silent()) return;
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
    *env->out << document_text(whole, compact);
  }
  document.reset();
  flush_output(*env, hint_of(*this));
}

}  // namespace keyrite::cli
