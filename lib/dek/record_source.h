// The data keys that a command is about: ids that the registry keeps, or a file of records, a
// thousand at a time, so that a file of any length costs no more memory than a short one. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dek/internal/line_pieces.h"
#include "dek/record.h"

namespace keyrite::dek {

struct WantedDek {
  std::string id{};
  std::optional<Record> record{};  // nullopt: the one that the registry keeps
};

class RecordSource {
 public:
  // Errors kUsage "dek-none-given": neither, or both; those of LinePieces.
  RecordSource(std::vector<std::string> ids, const std::optional<std::string>& file);
  // The next ones, at most `limit`; none at the end. Errors: those of parse_record and LinePieces.
  [[nodiscard]] std::vector<WantedDek> next(std::size_t limit);
  // How many there are: ids, or lines of the file as it was first read.
  [[nodiscard]] std::uint64_t total() const { return lines_ ? lines_->total() : ids_.size(); }
  // Of the file (hex), as it was first read.
  [[nodiscard]] const std::string& sha256() const { return lines_.value().sha256(); }

 private:
  std::vector<std::string> ids_{};
  std::size_t given_{0};
  std::optional<LinePieces> lines_{};
};

}  // namespace keyrite::dek
