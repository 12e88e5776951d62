// One writer of a transcript at a time. Held by an open file, so it ends with the process however
// that ends. Move-only; internal to transcript.
#pragma once

#include <string>
#include <utility>

namespace keyrite::transcript {

class WriteLock {
 public:
  // Waits for nobody. `who` is told to the next one who comes. Errors kFailed "transcript-in-use"
  // (with what the holder said of itself), "file-unwritable".
  WriteLock(const std::string& path, const std::string& who);
  WriteLock(WriteLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;
  ~WriteLock();

 private:
  int fd_;
};

}  // namespace keyrite::transcript
