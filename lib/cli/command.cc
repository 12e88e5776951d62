#include "cli/command.h"

#include <utility>

#include "base/screen.h"
#include "cli/color.h"
#include "cli/progress.h"
#include "cli/report.h"

namespace keyrite::cli {

namespace {

void show_on(std::ostream& stream, std::string_view text, unsigned columns, bool color) {
  stream << tone_verdicts(lay_out(text, columns), color);
  if (!text.ends_with('\n')) stream << '\n';
}

}  // namespace

void show_text(const Env& env, std::string_view text) {
  show_on(*env.err, text, env.err_columns, env.err_color);
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
  if (text_is == TextIs::kNote || json) {
    show_text(*env, text);
  } else {
    show_on(*env->out, text, env->out_columns, env->out_color);
  }
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
