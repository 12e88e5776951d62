// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What takes longer than a second, and cannot say how far it has come (a token that makes an RSA
// key), shows that it is at work: one line of the terminal that grows by a dot each second, and is
// gone at the end. Nothing is shown in the first second. A thread of its own writes, with signals
// blocked; every function may be called from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace keyrite::cli {

class WaitingDots {
 public:
  // `descriptor`: the terminal, `columns` wide.
  WaitingDots(std::string_view what, int descriptor, unsigned columns);
  WaitingDots(const WaitingDots&) = delete;
  WaitingDots& operator=(const WaitingDots&) = delete;
  ~WaitingDots();
  // Takes the line away, before something else is written; it comes again a second later.
  void clear();

 private:
  void run();
  void write(std::string_view text) const;

  std::string what_;
  int descriptor_;
  unsigned columns_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  bool done_{false};
  bool cleared_{false};
  std::string shown_{};  // empty: nothing is there
  std::thread thread_{};
};

}  // namespace keyrite::cli
