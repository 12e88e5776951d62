#include "transcript/layout.h"

#include <filesystem>

#include "base/file.h"

namespace keyrite::transcript {

namespace fs = std::filesystem;

std::string log_of(const std::string& folder) { return fs::path(folder) / kLogName; }
std::string checkpoint_of(const std::string& folder) { return fs::path(folder) / kCheckpointName; }
std::string frontier_of(const std::string& folder) { return fs::path(folder) / kFrontierName; }
std::string decided_of(const std::string& folder) { return fs::path(folder) / kDecidedName; }

SignedCheckpoint read_checkpoint(const std::string& path) {
  return parse_signed_checkpoint(as_text(read_file(path)), path);
}

}  // namespace keyrite::transcript
