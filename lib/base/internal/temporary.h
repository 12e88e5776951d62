// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is written under a temporary name and gets its own when it is whole. One writer, one thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace keyrite {

// The names that a killed writer leaves (leftovers_in).
inline constexpr std::string_view kTemporaryPrefix = ".keyrite-";
inline constexpr std::string_view kTemporarySuffix = ".part";

// Removes a temporary file or folder unless it was renamed into place and the new name is on disk.
class Temporary {
 public:
  // Where something is to be written that will be `final_path`: a name beside it that nobody has.
  // Error kFailed "file-unwritable".
  explicit Temporary(const std::filesystem::path& final_path);
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Never replaces. Errors kUsage "output-exists"; kFailed "file-unwritable".
  void publish();
  // Takes the place of what is there. Error kFailed "file-unwritable".
  void replace();

 private:
  std::filesystem::path final_;
  std::filesystem::path path_;
  bool kept_{false};
};

}  // namespace keyrite
