// One act as a command: its dry run or the act, what it came to shown and printed.
#pragma once

#include "act/act.h"
#include "cli/command.h"

namespace keyrite::cli {

// Returns the exit code of the outcome. What lasts is shown, and printed for programs, before
// anything else can fail. Errors: those of act::Runner; kFailed "output-unwritable".
int run_act(const act::Act& act, Run& run);
// Of what was done already: shown, and printed at the end of the run.
int show_outcome(const act::Outcome& outcome, Run& run);

}  // namespace keyrite::cli
