// Which files a transcript's folder has (docs/formats/transcript.md), and how its checkpoint is
// read. Pure but for read_checkpoint; any thread.
#pragma once

#include <string>

#include "transcript/checkpoint.h"

namespace keyrite::transcript {

inline constexpr const char* kLogName = "log.jsonl";
inline constexpr const char* kCheckpointName = "checkpoint";
inline constexpr const char* kEvidenceName = "evidence";  // side files, named by their SHA-256
inline constexpr const char* kFrontierName = "frontier";
inline constexpr int kFrontierVersion = 1;
inline constexpr const char* kDecidedName = "decided";

[[nodiscard]] std::string log_of(const std::string& folder);
[[nodiscard]] std::string checkpoint_of(const std::string& folder);
[[nodiscard]] std::string frontier_of(const std::string& folder);
[[nodiscard]] std::string decided_of(const std::string& folder);

// Errors: those of read_file and of parse_signed_checkpoint.
[[nodiscard]] SignedCheckpoint read_checkpoint(const std::string& path);

}  // namespace keyrite::transcript
