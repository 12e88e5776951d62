// How a writer of a transcript waits while another one writes: at most so long, and what is told
// meanwhile. Plain data; one thread.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace keyrite::transcript {

struct Turn {
  std::chrono::milliseconds longest{0};  // 0: waits for nobody
  // Told once, when it takes more than a moment: what the holder says of itself.
  std::function<void(std::string_view holder)> waiting{};
  // Called once the lock is held, before anything is read or written.
  std::function<void()> taken{};
};

}  // namespace keyrite::transcript
