#include "cli/command.h"

#include <utility>

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

}  // namespace keyrite::cli
