// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "imports/internal/evidence_paths.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::imports {

namespace {

namespace fs = std::filesystem;

}  // namespace

EvidencePaths evidence_paths(const std::vector<std::string>& evidence) {
  EvidencePaths paths;
  for (const auto& name : evidence) {
    std::error_code failure;
    if (!fs::is_directory(name, failure)) {
      paths.files.push_back(name);
      continue;
    }
    std::vector<std::string> inside;
    for (auto entry = fs::directory_iterator(name, failure);
         !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
      inside.push_back(entry->path().native());
    }
    if (failure) {
      throw Error(Kind::kConfig, "folder-unreadable",
                  fmt::format("{} cannot be read: {}", printable(name), failure.message()),
                  "check the name of the folder and its permissions");
    }
    std::sort(inside.begin(), inside.end());
    for (const auto& path : inside) {
      (fs::is_directory(path, failure) ? paths.folders : paths.files).push_back(path);
    }
  }
  return paths;
}

}  // namespace keyrite::imports
