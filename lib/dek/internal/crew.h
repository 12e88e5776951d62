// Threads that work at the token, each in a read-only session of its own with the KEKs that it has
// opened there, while the thread of the act reads what comes next and writes what is done. Work is
// given by that one thread; what a worker throws is thrown to whoever waits for its work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "dek/internal/kek_bench.h"
#include "pkcs11/session_pool.h"

namespace keyrite::dek {

class Crew {
 public:
  // `jobs` of at least 1; the pool has as many sessions, and outlives the crew.
  Crew(pkcs11::SessionPool& pool, std::size_t jobs);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  // Waits for what is under way; what was not begun is not done.
  ~Crew();

  using Work = std::function<void(KekBench& bench)>;
  [[nodiscard]] std::future<void> give(Work work);
  [[nodiscard]] std::size_t jobs() const { return threads_.size(); }

 private:
  using Task = std::packaged_task<void(KekBench&)>;
  void serve(KekBench& bench);
  struct Place;  // a session that is lent, and its bench
  std::vector<std::unique_ptr<Place>> places_{};
  std::vector<std::thread> threads_{};
  std::mutex mutex_{};
  std::condition_variable given_{};
  std::deque<Task> tasks_{};
  bool ends_{false};
};

}  // namespace keyrite::dek
