// One act as a command: runs the act or its dry run, then shows and prints the outcome.
#pragma once

#include "act/act.h"
#include "act/resume.h"
#include "base/error.h"
#include "cli/command.h"

namespace keyrite::cli {

// Returns the exit code of the outcome. The result is shown, and its document printed, while the
// log is still locked: nobody writes into it before. Errors: those of act::Runner; kFailed
// "output-unwritable".
int run_act(const act::Act& act, Run& run);
// The same for a Runner that is given no act.
int run_resume(const act::ResumeRequest& request, Run& run);

// Shows what was found where nothing was done, and prints its document. Returns the exit code of
// the outcome.
int show_found(const act::Outcome& found, Run& run);
// The same of what `look` finds at the token, with the user logged in. Nothing is logged. Errors:
// those of TokenDoor::look and of `look`.
int run_look(const act::Work& look, Run& run);

// Acts that follow each other by one login: `next` gives them, and nullopt at the end; then
// `finish` shows what came of all of them and sets the document. Where one fails, the later ones
// are not begun. There is no dry run.
int run_acts(const std::function<std::optional<act::Act>()>& next,
             const std::function<void(Run&)>& finish, Run& run);

// The same where a failed act stops the others only if `failed` says false. `finish` returns the
// exit code.
int run_acts_each(const std::function<std::optional<act::Act>()>& next,
                  const std::function<bool(const Error&)>& failed,
                  const std::function<int(Run&)>& finish, Run& run);

// The same for acts that are not all at one token: `at` says at which the act that `next` gave is
// to be done. Where it is another one than before, the login before ends.
int run_acts_at(const std::function<std::optional<act::Act>()>& next,
                const std::function<const act::TokenBinding&()>& at,
                const std::function<bool(const Error&)>& failed,
                const std::function<int(Run&)>& finish, Run& run);

}  // namespace keyrite::cli
