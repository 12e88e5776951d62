// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The files of evidence that --evidence names. Reads folders; no state, any thread.
#pragma once

#include <string>
#include <vector>

namespace keyrite::imports {

struct EvidencePaths {
  std::vector<std::string> files{};
  std::vector<std::string> folders{};  // inside a folder of evidence: not looked into
};

// A folder stands for the files in it, in the order of their names: import.sh saves its answers so.
// Error kConfig "folder-unreadable".
[[nodiscard]] EvidencePaths evidence_paths(const std::vector<std::string>& evidence);

}  // namespace keyrite::imports
