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

// As people give it: a vkey, or a file with one in each line. A vkey has two plus signs; a file
// that has them in its name can be given as ./NAME. Errors: those of read_vkeys.
[[nodiscard]] std::vector<NoteKey> vkeys_given(const std::string& text);

}  // namespace keyrite::transcript
