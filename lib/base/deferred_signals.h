// While a value of this class lives, SIGINT, SIGTERM and SIGHUP do not end the process: what must
// not be torn apart (a key made in the token and its report) comes to its end first, then a signal
// that came meanwhile acts as it would have. Signals that were ignored stay ignored. Values may be
// nested; process-wide, so made and destroyed on the main thread only.
#pragma once

#include <csignal>

#include <array>

namespace keyrite {

class DeferredSignals {
 public:
  DeferredSignals();
  DeferredSignals(const DeferredSignals&) = delete;
  DeferredSignals& operator=(const DeferredSignals&) = delete;
  ~DeferredSignals();

 private:
  static constexpr std::array kDeferred{SIGINT, SIGTERM, SIGHUP};
  sigset_t mask_{};
  std::array<struct sigaction, kDeferred.size()> actions_{};
};

}  // namespace keyrite
