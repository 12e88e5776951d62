// Sessions for parallel work on one token: each is lent to one thread at a time. An anchor session
// that is never lent keeps the login alive, since some tokens log out when their last session
// closes. lend() may be called from any thread; a lease belongs to the thread that took it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

class SessionPool {
 public:
  // Opens `size` sessions (at least 1) and the anchor. Errors as Session::open.
  SessionPool(const Token& token, Access access, std::size_t size);
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;
  ~SessionPool() = default;

  class Lease {
   public:
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), session_(other.session_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->give_back(session_);
    }
    [[nodiscard]] Session& operator*() const { return *session_; }
    [[nodiscard]] Session* operator->() const { return session_; }

   private:
    friend class SessionPool;
    Lease(SessionPool& pool, Session& session) : pool_(&pool), session_(&session) {}
    SessionPool* pool_;
    Session* session_;
  };

  // Waits until a session is free.
  [[nodiscard]] Lease lend();
  // Where to log in: its login serves every session of the pool.
  [[nodiscard]] Session& anchor() { return anchor_; }

 private:
  void give_back(Session* session);
  Session anchor_;
  std::vector<Session> sessions_{};
  std::vector<Session*> free_{};
  std::mutex mutex_{};
  std::condition_variable returned_{};
};

}  // namespace keyrite::pkcs11
