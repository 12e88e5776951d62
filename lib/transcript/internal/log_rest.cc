// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is in a log's file behind the last entry that counts, until it is cut off.
#include <algorithm>
#include <filesystem>

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/sha256.h"
#include "transcript/entry.h"
#include "transcript/internal/log_file.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

// Beyond every signed size, since what is signed has whole lines. Logged before it is cut off: the
// entry is written over it. A writer that is killed here leaves it, or what is longer than the
// entry, for the next one to report.
const LogFile::Rest& LogFile::torn_rest() {
  rest_ = {.bytes = log_.end.torn.size(), .start = log_.end.torn};
  return rest_;
}

// The SHA-256, in hex; notes how much there is.
std::string LogFile::read_rest() {
  constexpr std::size_t kStartBytes = kMaxEntryBytes + 1;
  FilePieces pieces(path(), log_.end.bytes);
  crypto::Sha256 hash;
  rest_ = {};
  for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    hash.update(piece);
    rest_.bytes += piece.size();
    const std::size_t room = std::min(kStartBytes - rest_.start.size(), piece.size());
    rest_.start += as_text(piece.first(room));
  }
  return to_hex(hash.finish());
}

// Read once for the name and once more for the content.
std::string LogFile::keep_rest() {
  std::string sha256 = read_rest();
  const auto evidence = std::filesystem::path(folder_) / kEvidenceName;
  require_folder(evidence);
  FilePieces pieces(path(), log_.end.bytes);
  crypto::Sha256 hash;
  replace_file(evidence / sha256, [&] {
    const ByteView piece = pieces.next();
    hash.update(piece);
    if (piece.empty() && to_hex(hash.finish()) != sha256)
      changed_meanwhile("changed while it was read");
    return piece;
  });
  return sha256;
}

}  // namespace keyrite::transcript
