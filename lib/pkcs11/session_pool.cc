#include "pkcs11/session_pool.h"

#include <algorithm>

namespace keyrite::pkcs11 {

SessionPool::SessionPool(const Token& token, Access access, std::size_t size)
    : anchor_(Session::open(token, access)) {
  sessions_.reserve(std::max<std::size_t>(size, 1));
  for (std::size_t i = 0; i < sessions_.capacity(); ++i)
    sessions_.push_back(Session::open(token, access));
  for (auto& session : sessions_) free_.push_back(&session);
}

SessionPool::Lease SessionPool::lend() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return !free_.empty(); });
  Session* session = free_.back();
  free_.pop_back();
  return {*this, *session};
}

void SessionPool::give_back(Session* session) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(session);
  }
  returned_.notify_one();
}

}  // namespace keyrite::pkcs11
