// The lines of a file of any length, with the memory of a short one. It is read once before, for
// its SHA-256 and the number of its lines. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/file.h"

namespace keyrite::dek {

class LinePieces {
 public:
  // Errors: those of FilePieces.
  explicit LinePieces(const std::string& path);
  // Without its newline; nullopt at the end. Error kConfig "dek-record-invalid": more than 4 KiB.
  [[nodiscard]] std::optional<std::string> next();
  [[nodiscard]] std::uint64_t number() const { return number_; }  // of the line that came last
  [[nodiscard]] std::string where() const;                        // "line 3 of records.jsonl"
  // As they were first read.
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] const std::string& sha256() const { return sha256_; }

 private:
  FilePieces file_;
  std::string name_;
  std::uint64_t total_{0};
  std::string sha256_{};
  std::string rest_{};
  std::size_t from_{0};
  std::uint64_t number_{0};
  bool ended_{false};
};

}  // namespace keyrite::dek
