// One writer of a transcript at a time. Held by an open file, so it ends with the process however
// that ends. Move-only; internal to transcript.
#pragma once

#include <string>
#include <utility>

namespace keyrite::transcript {

class WriteLock {
 public:
  // Waits for nobody. `who` is told to the next one who comes. Errors kFailed "transcript-in-use"
  // (with what the holder said of itself), "file-unwritable"; kVerification "lock-lost".
  WriteLock(const std::string& path, const std::string& who);
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
