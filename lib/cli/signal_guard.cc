#include "cli/signal_guard.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"

namespace keyrite::cli {
namespace {

// kFree: before the act, and between two of them.
enum class Phase : int { kFree, kEnding, kHeld };

// All that a person, a supervisor or a timer sends; SIGQUIT is the way out (docs/exit-codes.md).
constexpr std::array kHeldBack{SIGINT,    SIGTERM, SIGHUP,  SIGUSR1, SIGUSR2,  SIGALRM,
                               SIGVTALRM, SIGPROF, SIGPOLL, SIGXCPU, SIGSTKFLT};
constexpr std::array kFromPeople{SIGINT, SIGTERM, SIGHUP};

// What a handler reads and writes.
std::atomic<Phase> g_phase{Phase::kFree};
std::atomic<bool> g_told{false};
std::atomic<bool> g_at_prompt{false};
std::atomic<bool> g_reported{
    false};                  // an act was done and reported: "nothing was done" is not true
std::atomic<int> g_came{0};  // from people, while signals were held
std::atomic<int> g_caught{0};
int g_wake = -1;   // the writing end of a pipe
int g_awake = -1;  // the reading one
// Written before any handler is there, but for the way on.
constexpr std::size_t kRoom = 256;
std::array<char, kRoom> g_stopped{};
std::array<char, kRoom> g_stopped_after{};
std::array<char, kRoom> g_working{};

static_assert(std::atomic<Phase>::is_always_lock_free && std::atomic<bool>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);

void put(std::array<char, kRoom>& room, std::string_view tool, std::string_view sentence) {
  const std::string text = std::string(tool) + ": " + std::string(sentence) + "\n";
  std::copy_n(text.begin(), std::min(text.size(), room.size() - 1), room.begin());
}

std::string& tool_name() {
  static std::string name;
  return name;
}

std::string& way_on_said() {
  static std::string sentence;
  return sentence;
}

// signal-safety(7): write(2) and no more.
void say(const std::array<char, kRoom>& text) {
  const auto* const end = std::find(text.begin(), text.end(), '\0');
  const ssize_t ignored =
      ::write(STDERR_FILENO, text.data(), static_cast<std::size_t>(end - text.begin()));
  (void)ignored;
}

struct sigaction action_of(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  return action;
}

void end_by(int signal) {
  const struct sigaction usual = action_of(SIG_DFL);
  sigaction(signal, &usual, nullptr);
  sigset_t only{};
  sigemptyset(&only);
  sigaddset(&only, signal);
  (void)::raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

void say_stopped() {
  if (!g_told.exchange(true)) say(g_reported.load() ? g_stopped_after : g_stopped);
}

bool is_from_people(int signal) {
  return std::find(kFromPeople.begin(), kFromPeople.end(), signal) != kFromPeople.end();
}

bool is_stop(int signal) { return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

void note_while_held(int signal) {
  if (is_from_people(signal)) g_came.store(signal);
  if (!g_told.exchange(true)) say(g_working);
}

extern "C" void on_signal(int signal) {
  const int before = errno;
  if (g_at_prompt.load()) {
    g_caught.store(signal);
    const ssize_t ignored = ::write(g_wake, "", 1);
    (void)ignored;
  } else if (g_phase.load() == Phase::kHeld) {
    note_while_held(signal);
  } else if (!is_stop(signal)) {
    // The main thread may be about to begin: whoever is first, wins.
    Phase expected = Phase::kFree;
    if (g_phase.compare_exchange_strong(expected, Phase::kEnding)) {
      say_stopped();
      end_by(signal);
    } else if (expected == Phase::kHeld) {
      note_while_held(signal);
    }
  }
  errno = before;
}

bool is_ours(const struct sigaction& action) { return action.sa_handler == on_signal; }

[[noreturn]] void wait_for_ever() {
  while (true) ::pause();
}

// False where it is another phase already; does not return where another thread is ending the
// process.
bool become(Phase from, Phase to) {
  Phase expected = from;
  if (g_phase.compare_exchange_strong(expected, to)) return true;
  if (expected == Phase::kEnding) wait_for_ever();
  return false;
}

// The calling thread is not interrupted, nor is any that it starts: a module's call that a signal
// ends early would be an outage. Another thread waits for them, until the process has ended.
void listen(const sigset_t& held) {
  static bool listening = false;
  if (std::exchange(listening, true)) return;
  try {
    std::thread([held] {
      pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
      wait_for_ever();
    }).detach();
  } catch (const std::system_error&) {
    // Without a thread they wait for the process's end, unanswered.
  }
}

}  // namespace

void guard_signals(std::string_view tool, WorksAt where) {
  tool_name() = tool;
  put(g_stopped, tool, "stopped: nothing was done");
  put(g_stopped_after, tool, "stopped: what was reported is done, and nothing after it");
  put(g_working, tool,
      where == WorksAt::kToken ? "the token is working; the result follows when it is done"
                               : "the log is being written; the result follows when it is done");
  if (where != WorksAt::kToken) return;
  for (const int signal : kFromPeople) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_DFL) continue;
    const struct sigaction ours = action_of(on_signal);
    sigaction(signal, &ours, nullptr);
  }
}

void hold_signals() {
  if (!become(Phase::kFree, Phase::kHeld)) return;
  sigset_t held{};
  sigemptyset(&held);
  for (const int signal : kHeldBack) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_DFL && !is_ours(action)) continue;
    const struct sigaction ours = action_of(on_signal);
    sigaction(signal, &ours, nullptr);
    sigaddset(&held, signal);
  }
  struct sigaction pipe {};
  sigaction(SIGPIPE, nullptr, &pipe);
  if (pipe.sa_handler == SIG_DFL) {
    const struct sigaction ignored = action_of(SIG_IGN);
    sigaction(SIGPIPE, &ignored, nullptr);
  }
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  listen(held);
}

void tell_way_on(std::string_view sentence) {
  way_on_said() = sentence;
  put(g_stopped_after, tool_name(),
      "stopped: what was reported is done, and nothing after it\n" + way_on_said());
}

const std::string& way_on() { return way_on_said(); }

bool signals_held() { return g_phase.load() == Phase::kHeld; }

bool act_reported() { return g_reported.load(); }

bool interrupted() { return g_came.load() != 0; }

void release_signals() {
  if (!signals_held()) return;
  g_reported.store(true);
  g_told.store(false);
  if (!become(Phase::kHeld, Phase::kFree)) return;
  // One that comes from here on is answered by on_signal, one that came before is not lost.
  if (const int came = g_came.load(); came != 0) {
    if (!become(Phase::kFree, Phase::kEnding)) return;
    say_stopped();
    end_by(came);
  }
  sigset_t ours{};
  sigemptyset(&ours);
  for (const int signal : kHeldBack) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (!is_ours(action)) continue;
    sigaddset(&ours, signal);
    if (is_from_people(signal)) continue;
    const struct sigaction usual = action_of(SIG_DFL);
    sigaction(signal, &usual, nullptr);
  }
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
}

PromptSignals::PromptSignals() {
  if (g_wake < 0) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw Error(Kind::kFailed, "terminal-unusable",
                  "the terminal cannot be watched: " + std::generic_category().message(errno),
                  "use another terminal, or a PIN source that needs none");
    }
    g_awake = ends[0];
    g_wake = ends[1];
  }
  g_caught.store(0);
  g_at_prompt.store(true);
  struct sigaction remember = action_of(on_signal);
  remember.sa_flags = 0;  // so that a call on the terminal returns
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    sigaction(kWatched.at(i), nullptr, &actions_.at(i));
    // What the caller chose to ignore (nohup) stays ignored.
    if (actions_.at(i).sa_handler != SIG_IGN) sigaction(kWatched.at(i), &remember, nullptr);
  }
}

int PromptSignals::caught() { return g_caught.load(); }
int PromptSignals::descriptor() { return g_awake; }

void PromptSignals::restore() {
  if (restored_) return;
  restored_ = true;
  g_at_prompt.store(false);
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    sigaction(kWatched.at(i), &actions_.at(i), nullptr);
  }
  std::array<char, 64> drained{};
  while (::read(g_awake, drained.data(), drained.size()) > 0) {
  }
}

void act_on(int signal) {
  if (!is_stop(signal)) {
    if (signals_held()) {
      if (is_from_people(signal)) g_came.store(signal);
      return;
    }
    // The person was told at the prompt.
    g_told.store(true);
  }
  (void)::raise(signal);
}

}  // namespace keyrite::cli
