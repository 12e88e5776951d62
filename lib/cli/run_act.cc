#include "cli/run_act.h"

#include <memory>
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

// A key that was made and never reported is worse than none. A program has its document; without
// --json a person would have nothing.
void require_shown(const Run& run) {
  if (run.json || *run.env->err) return;
  throw Error(Kind::kFailed, "output-unwritable", "the result cannot be written to standard error");
}

void show_outcome(const act::Outcome& outcome, Run& run) {
  show_lines(outcome.text, run);
  // It is thrown, and its Error is the document.
  if (outcome.finding) return;
  show_lines(outcome.text_if_good, run);
  run.result(outcome.document);
  run.print_document();
  if (outcome.lasting) require_shown(run);
}

std::unique_ptr<act::TokenDoor> door_of(const Run& run) { return run.door ? run.door() : nullptr; }

act::Runner runner_of(const Run& run) { return act::Runner(run.context, door_of(run)); }

// How a Runner's only act is shown: the token is left before, so that the document lists what its
// module warned of.
act::Runner::Show show_last(act::Runner& runner, Run& run) {
  return [&](const act::Outcome& outcome) {
    runner.close();
    show_outcome(outcome, run);
  };
}

}  // namespace

int run_act(const act::Act& act, Run& run) {
  act::Runner runner = runner_of(run);
  if (run.context.dry_run) {
    auto outcome = runner.preview(act);
    runner.close();
    show_lines(outcome.text, run);
    run.plan(std::move(outcome.document));
    return outcome.code;
  }
  return runner.run(act, show_last(runner, run)).code;
}

int run_acts_each(const std::function<std::optional<act::Act>()>& next,
                  const std::function<bool(const Error&)>& failed,
                  const std::function<int(Run&)>& finish, Run& run) {
  return run_acts_at(
      next, [&]() -> const act::TokenBinding& { return run.context.token; }, failed, finish, run);
}

int run_acts_at(const std::function<std::optional<act::Act>()>& next,
                const std::function<const act::TokenBinding&()>& at,
                const std::function<bool(const Error&)>& failed,
                const std::function<int(Run&)>& finish, Run& run) {
  std::optional<act::Runner> runner;
  const act::TokenBinding* here = nullptr;
  while (const auto act = next()) {
    if (&at() != here) {
      if (runner) runner->close();
      here = &at();
      act::Context context = run.context;
      context.token = *here;
      runner.emplace(std::move(context), door_of(run));
    }
    try {
      (void)runner->run(*act, [](const act::Outcome& /*done*/) {});
    } catch (const Error& error) {
      if (!failed(error)) break;
    }
  }
  if (runner) runner->close();
  const int code = finish(run);
  run.print_document();
  return code;
}

int run_acts(const std::function<std::optional<act::Act>()>& next,
             const std::function<void(Run&)>& finish, Run& run) {
  return run_acts_each(
      next, [](const Error& /*error*/) -> bool { throw; },
      [&](Run& done) {
        finish(done);
        return 0;
      },
      run);
}

int show_found(const act::Outcome& found, Run& run) {
  show_outcome(found, run);
  return found.code;
}

int run_look(const act::Work& look, Run& run) {
  if (run.context.release_signals) run.context.release_signals();
  const auto door = run.door();
  door->equip(run.context);
  act::Outcome outcome;
  door->look(run.context, [&](act::TokenSession& token) {
    act::AtWork at(run.context, &token);
    outcome = look(at);
  });
  door->close(run.context);
  return show_found(outcome, run);
}

int run_resume(const act::ResumeRequest& request, Run& run) {
  act::Runner runner = runner_of(run);
  return runner.resume(request, show_last(runner, run)).code;
}

}  // namespace keyrite::cli
