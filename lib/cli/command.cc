#include "cli/command.h"

#include <utility>

#include "cli/report.h"

namespace keyrite::cli {

void Run::show(std::string_view text) const {
  *env->err << text;
  if (!text.ends_with('\n')) *env->err << '\n';
}

void Run::result(Json value) {
  document_name = "result";
  document = std::move(value);
}

void Run::plan(Json value) {
  document_name = "plan";
  document = std::move(value);
}

Json Run::envelope(std::string_view tool, std::string_view name, Json value) const {
  Json whole = cli::document(tool, name, std::move(value));
  if (!warnings->empty()) whole["warnings"] = *warnings;
  return whole;
}

}  // namespace keyrite::cli
