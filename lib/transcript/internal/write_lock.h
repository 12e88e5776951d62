// One writer of a transcript at a time. Held by an open file, so it ends with the process however
// that ends. Move-only; internal to transcript.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "transcript/turn.h"

namespace keyrite::transcript {

class WriteLock {
 public:
  // Waits for its turn. `who` is asked once the lock is held, and what it says is told to whoever
  // comes meanwhile. Errors kWaiting "transcript-in-use" (with what the holder said of itself);
  // kFailed "file-unwritable"; kVerification "lock-lost".
  WriteLock(const std::string& path, const std::function<std::string()>& who, const Turn& turn);
  WriteLock(WriteLock&& other) noexcept
      : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;
  ~WriteLock();

  // The lock is on a file, not on its name: where the file was removed or replaced, another writer
  // may be at work under the same name. Error kVerification "lock-lost".
  void require_held() const;

 private:
  std::string path_;
  int fd_;
};

}  // namespace keyrite::transcript
