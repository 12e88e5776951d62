#include "cli/run_act.h"

#include <string>
#include <utility>
#include <vector>

#include "act/runner.h"
#include "base/error.h"

namespace keyrite::cli {
namespace {

void show_lines(const std::vector<std::string>& text, const Run& run) {
  for (const auto& one : text) run.show(one);
}

// What was made must be told of: a key that nobody was told of is worse than none.
void require_told(Run& run) {
  run.print_document();
  // A program has its document; without --json a person would have nothing.
  if (run.json || *run.env->err) return;
  throw Error(Kind::kFailed, "output-unwritable", "the result cannot be written to standard error");
}

}  // namespace

int show_outcome(const act::Outcome& outcome, Run& run) {
  show_lines(outcome.text, run);
  if (outcome.finding) return outcome.finding->exit_code();
  show_lines(outcome.text_if_good, run);
  run.result(outcome.document);
  if (outcome.lasting) require_told(run);
  return outcome.code;
}

int run_act(const act::Act& act, Run& run) {
  act::Runner runner(run.context, run.door ? run.door() : nullptr);
  if (run.context.dry_run) {
    auto outcome = runner.preview(act);
    show_lines(outcome.text, run);
    run.plan(std::move(outcome.document));
    return outcome.code;
  }
  return runner.run(act, [&](const act::Outcome& outcome) { (void)show_outcome(outcome, run); })
      .code;
}

}  // namespace keyrite::cli
