// What a signal does to a tool, from its start to its printed report. Before the act at the token a
// signal ends the process at once: nothing was done. From hold_signals() on no signal ends it: the
// tool completes, logs and reports what it began. A tool of one act then ends, with the exit code
// of the result. If more acts follow, release_signals() is called before people are asked about the
// next one: a signal that came meanwhile ends the process there, between two acts. At a prompt
// keyrite tells the person that nothing was done. SIGQUIT and SIGKILL keep their effect, for a
// token that never answers; the next act finds in the log what they leave (act/resume.h).
//
// State of the process: to be called on the main thread. Nothing below cli sees a signal; acts get
// these functions in act::Context.
#pragma once

#include <csignal>

#include <array>
#include <string>
#include <string_view>

namespace keyrite::cli {

enum class WorksAt { kToken, kFiles };

// From the start of a tool. At a token, SIGINT, SIGTERM and SIGHUP say on standard error that
// nothing was done before they end the process. Once a process.
void guard_signals(std::string_view tool, WorksAt where);

// From now on whoever stops the process between two acts is told this sentence too: what goes on
// with what is under way.
void tell_way_on(std::string_view sentence);
[[nodiscard]] const std::string& way_on();

// From here to release_signals(), or to the end of the process, the signals that would end it are
// held back: the first one is answered on standard error, at once, and no more. What the caller
// ignores (nohup) stays ignored, and what a module handles is left to it; a reader that went away
// (SIGPIPE) is an error of the report. Doing it again does nothing.
void hold_signals();
[[nodiscard]] bool signals_held();
// After the report of an act that others follow. A SIGINT, SIGTERM or SIGHUP that came while
// signals were held ends the process now, by that signal, and so does the next one: what was
// reported is done, and nothing after it. Does nothing where no signals are held.
void release_signals();
// Whether release_signals() was called after an act: "nothing was done" is not true any more.
[[nodiscard]] bool act_reported();
// Whether such a signal came since hold_signals().
[[nodiscard]] bool interrupted();

// While a value of this class lives, a person is at a prompt: every signal that would end or stop
// the process is remembered, and descriptor() becomes readable. One at a time.
class PromptSignals {
 public:
  // Error kFailed "terminal-unusable" when the process has no descriptor left.
  PromptSignals();
  PromptSignals(const PromptSignals&) = delete;
  PromptSignals& operator=(const PromptSignals&) = delete;
  ~PromptSignals() { restore(); }

  // What came, 0: none.
  [[nodiscard]] static int caught();
  [[nodiscard]] static int descriptor();
  // Everything acts as before again.
  void restore();

 private:
  // All whose default is to end or to stop (signal(7)), but those of a defect and of the system
  // itself.
  static constexpr std::array kWatched{SIGHUP,  SIGINT,    SIGQUIT, SIGTERM,   SIGUSR1,
                                       SIGUSR2, SIGALRM,   SIGPOLL, SIGVTALRM, SIGPROF,
                                       SIGXCPU, SIGSTKFLT, SIGTSTP, SIGTTIN,   SIGTTOU};
  std::array<struct sigaction, kWatched.size()> actions_{};
  bool restored_{false};
};

// The end of a process that was stopped at a prompt: by that signal, as if nobody had watched; a
// process that is only stopped (SIGTSTP) comes back from here when it is continued. Returns at once
// while signals are held.
void act_on(int signal);

}  // namespace keyrite::cli
