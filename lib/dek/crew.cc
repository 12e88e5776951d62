#include "dek/internal/crew.h"

#include <utility>

namespace keyrite::dek {

struct Crew::Place {
  explicit Place(pkcs11::SessionPool& pool) : lease(pool.lend()), bench(*lease) {}
  pkcs11::SessionPool::Lease lease;
  KekBench bench;
};

Crew::Crew(pkcs11::SessionPool& pool, std::size_t jobs) {
  for (std::size_t i = 0; i < jobs; ++i) places_.push_back(std::make_unique<Place>(pool));
  for (auto& place : places_) threads_.emplace_back([this, &place] { serve(place->bench); });
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    tasks_.clear();
  }
  given_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::future<void> Crew::give(Work work) {
  Task task(std::move(work));
  auto done = task.get_future();
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  given_.notify_one();
  return done;
}

void Crew::serve(KekBench& bench) {
  while (true) {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [&] { return ends_ || !tasks_.empty(); });
    if (ends_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task(bench);
  }
}

}  // namespace keyrite::dek
