// Files with one vkey in each line: who signs a log, as it was noted when the site was made. Reads
// a file; any thread.
#pragma once

#include <string>
#include <vector>

#include "transcript/note.h"

namespace keyrite::transcript {

// Empty lines are passed over. Errors: those of read_file and NoteKey::parse; kConfig
// "vkey-file-empty".
[[nodiscard]] std::vector<NoteKey> read_vkeys(const std::string& path);

}  // namespace keyrite::transcript
