#include "dek/internal/line_pieces.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/sha256.h"

namespace keyrite::dek {

LinePieces::LinePieces(const std::string& path) : file_(path), name_(printable(path)) {
  crypto::Sha256 hash;
  FilePieces pieces(path);
  for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    hash.update(piece);
    total_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
  }
  sha256_ = to_hex(hash.finish());
}

std::string LinePieces::where() const { return fmt::format("line {} of {}", number_, name_); }

std::optional<std::string> LinePieces::next() {
  constexpr std::size_t kLongestLine = 4096;
  while (true) {
    const auto end = rest_.find('\n', from_);
    if (end != std::string::npos) {
      std::string found = rest_.substr(from_, end - from_);
      from_ = end + 1;
      ++number_;
      return found;
    }
    rest_.erase(0, from_);
    from_ = 0;
    if (rest_.size() > kLongestLine) {
      throw Error(Kind::kConfig, "dek-record-invalid",
                  fmt::format("line {} of {} is longer than any record", number_ + 1, name_),
                  "give the lines as keyrite dek issue wrote them");
    }
    const ByteView piece = ended_ ? ByteView() : file_.next();
    if (!piece.empty()) {
      rest_.append(piece.begin(), piece.end());
      continue;
    }
    ended_ = true;
    if (rest_.empty()) return std::nullopt;
    ++number_;
    return std::exchange(rest_, {});
  }
}

}  // namespace keyrite::dek
