#include "base/deferred_signals.h"

#include <cstddef>

namespace keyrite {

namespace {

// Signals that came to a thread of the module, which this thread's mask does not hold back.
std::array<volatile std::sig_atomic_t, NSIG> came{};
int nesting = 0;

void remember(int signal) { came[static_cast<std::size_t>(signal)] = 1; }

}  // namespace

DeferredSignals::DeferredSignals() {
  // Two nets: the mask, so that no call of the module on this thread is interrupted, and handlers,
  // for threads that the module started earlier.
  sigset_t deferred{};
  ::sigemptyset(&deferred);
  for (const int signal : kDeferred) ::sigaddset(&deferred, signal);
  ::pthread_sigmask(SIG_BLOCK, &deferred, &mask_);
  ++nesting;
  for (std::size_t i = 0; i < kDeferred.size(); ++i) {
    ::sigaction(kDeferred[i], nullptr, &actions_[i]);
    if (actions_[i].sa_handler == SIG_IGN) continue;
    struct sigaction remembering {};
    remembering.sa_handler = remember;
    remembering.sa_flags = SA_RESTART;
    ::sigaction(kDeferred[i], &remembering, nullptr);
  }
}

DeferredSignals::~DeferredSignals() {
  for (std::size_t i = 0; i < kDeferred.size(); ++i)
    ::sigaction(kDeferred[i], &actions_[i], nullptr);
  if (--nesting == 0) {
    for (const int signal : kDeferred) {
      auto& one = came[static_cast<std::size_t>(signal)];
      if (one != 0) {
        one = 0;
        ::raise(signal);  // still held back by the mask
      }
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

}  // namespace keyrite
