// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/waiting_dots.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <system_error>
#include <utility>

namespace keyrite::cli {

namespace {

using std::chrono_literals::operator""s;

constexpr std::string_view kTakeLineAway = "\r\033[K";

}  // namespace

WaitingDots::WaitingDots(std::string_view what, int descriptor, unsigned columns)
    : what_(what), descriptor_(descriptor), columns_(columns) {
  sigset_t all{};
  sigset_t before{};
  sigfillset(&all);
  // What a signal does is for the thread that works.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // Without a thread nothing is shown.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

WaitingDots::~WaitingDots() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WaitingDots::clear() {
  const std::lock_guard lock(mutex_);
  cleared_ = true;
  if (!std::exchange(shown_, {}).empty()) write(kTakeLineAway);
}

void WaitingDots::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, 1s, [this] { return done_; })) {
    if (std::exchange(cleared_, false)) continue;
    if (shown_.empty() || shown_.size() + 1 >= columns_) {
      if (!shown_.empty()) write(kTakeLineAway);
      shown_ = what_ + " ";
      if (shown_.size() + 1 >= columns_) shown_.clear();
      write(shown_);
    }
    shown_ += '.';
    write(".");
  }
  if (!std::exchange(shown_, {}).empty()) write(kTakeLineAway);
}

void WaitingDots::write(std::string_view text) const {
  // A terminal that does not take it shows nothing.
  [[maybe_unused]] const ssize_t put = ::write(descriptor_, text.data(), text.size());
}

}  // namespace keyrite::cli
