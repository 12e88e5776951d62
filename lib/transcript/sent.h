// Checkpoints that were sent out, to a timestamp authority or a witness: kept beside the log, by
// their SHA-256, until the answer comes, since acts may have signed longer ones by then. One writer
// at a time is assumed for one checkpoint; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace keyrite::transcript {

// FOLDER/sent/SHA256.checkpoint, and .tsq beside it: what was asked about it.
[[nodiscard]] std::string sent_file(const std::string& folder, const std::string& sha256,
                                    const char* extension);
inline constexpr const char* kSentCheckpoint = ".checkpoint";
inline constexpr const char* kSentQuery = ".tsq";

// Keeps `content` there, unless it is kept already; what is kept. Errors as write_new_file and
// read_file.
Bytes keep_sent(const std::string& folder, const std::string& sha256, const char* extension,
                ByteView content);

// The SHA-256 of each checkpoint that is kept, sorted. Error kConfig "folder-unreadable".
[[nodiscard]] std::vector<std::string> sent_checkpoints(const std::string& folder);

}  // namespace keyrite::transcript
