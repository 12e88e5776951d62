// One act as a command: its dry run or the act, what it came to shown and printed.
#pragma once

#include "act/act.h"
#include "act/resume.h"
#include "cli/command.h"

namespace keyrite::cli {

// Returns the exit code of the outcome. The result is shown, and its document printed, while the
// log is still locked: nobody writes into it before. Errors: those of act::Runner; kFailed
// "output-unwritable".
int run_act(const act::Act& act, Run& run);
// The same for a Runner that is given no act.
int run_resume(const act::ResumeRequest& request, Run& run);

}  // namespace keyrite::cli
