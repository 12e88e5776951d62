// Secrets as they come in, data keys in plaintext and what is to be sealed: a file or a descriptor,
// read into protected memory and wiped; never an argument, which every user of the machine can
// read. Owns a descriptor that it opened; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/secret_bytes.h"

namespace keyrite::dek {

// Who may be able to read or write the file of a secret.
enum class SecretFile : std::uint8_t { kAny, kOwnersAlone };

class SecretInput {
 public:
  // Errors kConfig "secret-unreadable"; of a file that is to be its owner's alone also where it is
  // a link or no regular file, and "secret-file-mode".
  explicit SecretInput(const std::string& path, SecretFile whose = SecretFile::kAny);
  // Borrowed; `name` is how errors call it. Error kUsage "secret-from-terminal".
  SecretInput(int descriptor, std::string name);
  SecretInput(const SecretInput&) = delete;
  SecretInput& operator=(const SecretInput&) = delete;
  ~SecretInput();

  // All of it, every byte as it is; nullopt where it has more than `limit` bytes, of which there is
  // room for 8 KiB. Error kConfig "secret-unreadable".
  [[nodiscard]] std::optional<crypto::SecretBytes> whole(std::size_t limit);
  // The next line without its newline; nullopt at the end. Errors kConfig "dek-key-invalid": longer
  // than a line with a data key; "secret-unreadable".
  [[nodiscard]] std::optional<crypto::SecretBytes> line();
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }  // that were read

 private:
  SecretInput(int descriptor, std::string name, bool owned);
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
