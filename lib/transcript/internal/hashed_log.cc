// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/hashed_log.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/bytes.h"

namespace keyrite::transcript {

namespace {

constexpr std::uint64_t kWholeBlock = std::uint64_t{1} << kBlockHeight;
// Of long entries a block has fewer.
constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;
constexpr std::size_t kBlocksPerThread = 4;

void hash(Hasher& hasher, HashedBlock& block) {
  try {
    block.leaves.reserve(block.count());
    block.heads.reserve(block.count());
    for (std::size_t i = 0; i < block.count(); ++i) {
      block.leaves.push_back(hasher.leaf(as_bytes(block.entry(i))));
      block.heads.push_back(entry_head(block.entry(i)));
    }
    if (block.count() == kWholeBlock && block.first % kWholeBlock == 0)
      block.subtree = root_of(hasher, block.leaves);
  } catch (...) {
    block.not_hashed = std::current_exception();
  }
}

// Blocks that wait for their hashes, or for their turn to be read. The reader's thread hashes too,
// where it would wait otherwise; so there is one thread less.
class BlocksInTurn {
 public:
  using Take = std::function<void(const HashedBlock& block)>;

  explicit BlocksInTurn(const Take& take)
      : take_(take), threads_(std::max(1U, std::thread::hardware_concurrency())) {}
  BlocksInTurn(const BlocksInTurn&) = delete;
  BlocksInTurn& operator=(const BlocksInTurn&) = delete;
  ~BlocksInTurn() {
    {
      const std::lock_guard lock(mutex_);
      to_hash_.clear();
      ended_ = true;
    }
    changed_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  void add(HashedBlock block) {
    // A log of one block needs no other thread.
    if (!in_turn_.empty() && workers_.size() + 1 < threads_)
      workers_.emplace_back([this] { work(); });
    if (in_turn_.size() >= threads_ * kBlocksPerThread) take_first();
    in_turn_.push_back(std::make_unique<HashedBlock>(std::move(block)));
    {
      const std::lock_guard lock(mutex_);
      to_hash_.push_back(in_turn_.back().get());
    }
    changed_.notify_one();
  }

  // An empty block, which has the memory of one that was read.
  [[nodiscard]] HashedBlock spare(std::uint64_t first) {
    HashedBlock block = std::exchange(read_, {});
    block.first = first;
    block.bytes.clear();
    block.ends.clear();
    block.leaves.clear();
    block.heads.clear();
    block.subtree.reset();
    block.hashed = false;
    return block;
  }

  void take_all() {
    while (!in_turn_.empty()) take_first();
  }

 private:
  void work() {
    Hasher hasher;
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ended_ || !to_hash_.empty(); });
      if (ended_) return;
      hash_next(hasher, lock);
    }
  }

  void hash_next(Hasher& hasher, std::unique_lock<std::mutex>& lock) {
    HashedBlock* const block = to_hash_.front();
    to_hash_.pop_front();
    lock.unlock();
    hash(hasher, *block);
    lock.lock();
    block->hashed = true;
    changed_.notify_all();
  }

  void take_first() {
    {
      std::unique_lock lock(mutex_);
      while (!in_turn_.front()->hashed) {
        if (to_hash_.empty())
          changed_.wait(lock);
        else
          hash_next(own_, lock);
      }
    }
    const auto first = std::move(in_turn_.front());
    in_turn_.pop_front();
    if (first->not_hashed) std::rethrow_exception(first->not_hashed);
    take_(*first);
    read_ = std::move(*first);
  }

  const Take& take_;
  std::size_t threads_;
  Hasher own_{};
  std::deque<std::unique_ptr<HashedBlock>> in_turn_{};  // of the reader's thread alone
  HashedBlock read_{};                                  // the last one
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<HashedBlock*> to_hash_{};
  bool ended_{false};
  std::vector<std::thread> workers_{};
};

bool is_full(const HashedBlock& block) {
  return (block.first + block.count()) % kWholeBlock == 0 || block.bytes.size() >= kBlockBytes;
}

}  // namespace

LogEnd read_hashed_log(const std::string& path, std::uint64_t size,
                       const std::function<void(const HashedBlock& block)>& take) {
  BlocksInTurn blocks(take);
  HashedBlock next;
  const auto give_next = [&] {
    const std::uint64_t after = next.first + next.count();
    if (next.count() == 0) return;
    blocks.add(std::move(next));
    next = blocks.spare(after);
  };
  const auto collect = [&](std::uint64_t index, std::string_view entry) {
    if (index >= size) return true;  // counted only
    next.bytes += entry;
    next.ends.push_back(next.bytes.size());
    if (is_full(next)) give_next();
    return true;
  };
  LogEnd end;
  std::exception_ptr failure;
  try {
    end = read_log(path, collect);
  } catch (...) {
    // What is wrong with an entry before it is told first.
    failure = std::current_exception();
  }
  give_next();
  blocks.take_all();
  if (failure) std::rethrow_exception(failure);
  return end;
}

}  // namespace keyrite::transcript
