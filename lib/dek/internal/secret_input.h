// Plaintext data keys as they come in: a file or a descriptor, read into protected memory and
// wiped. Owns a descriptor that it opened; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/secret_bytes.h"

namespace keyrite::dek {

class SecretInput {
 public:
  // Error kConfig "file-unreadable".
  explicit SecretInput(const std::string& path);
  // Borrowed; `name` is how errors call it. Error kUsage "secret-from-terminal".
  SecretInput(int descriptor, std::string name);
  SecretInput(const SecretInput&) = delete;
  SecretInput& operator=(const SecretInput&) = delete;
  ~SecretInput();

  // All of it. Errors kUsage "dek-length": more than `limit` bytes; kConfig "file-unreadable".
  [[nodiscard]] crypto::SecretBytes whole(std::size_t limit);
  // The next line without its newline; nullopt at the end. Errors kConfig "dek-key-invalid": longer
  // than a line with a data key; "file-unreadable".
  [[nodiscard]] std::optional<crypto::SecretBytes> line();
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }  // that were read

 private:
  // More of it behind what is there; false at the end.
  bool fill();
  std::string name_;
  int descriptor_;
  bool owned_;
  crypto::SecretBytes buffer_;
  std::size_t from_{0};
  std::size_t to_{0};
  std::uint64_t lines_{0};
};

}  // namespace keyrite::dek
