// How far a long command has come, in one line of the terminal that is written over and over: how
// many of how many, how fast, how long it still takes. Nothing is shown where standard error is no
// terminal. Borrows the stream; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace keyrite::cli {

// "[#####     ]  1200 of 5000, 24 %, 310/s, 0:12 left" in at most `columns`; without a bar where
// there is no room for one, and without what depends on a total where that is not known.
[[nodiscard]] std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total,
                                        std::chrono::duration<double> since, unsigned columns);

class ProgressBar {
 public:
  ProgressBar(std::ostream& err, unsigned columns) : err_(err), columns_(columns) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { clear(); }
  // Writes the line anew, at most a few times in a second. Rate and time left are of the count that
  // began with 0, or where it went back.
  void show(std::uint64_t done, std::optional<std::uint64_t> total);
  // Takes the line away, before something else is written.
  void clear();

 private:
  using SteadyClock = std::chrono::steady_clock;
  std::ostream& err_;
  unsigned columns_;
  SteadyClock::time_point begun_{SteadyClock::now()};
  std::uint64_t last_{0};
  std::optional<SteadyClock::time_point> shown_{};
  bool there_{false};
};

}  // namespace keyrite::cli
