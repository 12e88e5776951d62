// A new file that grows by whole pieces, or a pipe: for what is too much to be held in memory. The
// file is made exclusively, with mode 0600, and what was appended is on the disk when append()
// returns. One without content is removed again. One owner; one thread.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.h"

namespace keyrite {

class GrowingFile {
 public:
  // Errors kUsage "output-exists"; kFailed "file-unwritable".
  [[nodiscard]] static GrowingFile make(const std::filesystem::path& path);
  // A descriptor that is a pipe or a socket, borrowed; `name` is how errors call it. Error kUsage
  // "not-a-pipe".
  [[nodiscard]] static GrowingFile pipe(int descriptor, const std::string& name);
  GrowingFile(GrowingFile&& other) noexcept;
  GrowingFile& operator=(GrowingFile&&) = delete;
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  ~GrowingFile();

  // Both: Error kFailed "file-unwritable".
  void append(ByteView piece);
  // The same, and what was written is on the disk only when sync() or append() returns.
  void write(ByteView piece);
  void sync();

 private:
  GrowingFile(std::filesystem::path path, int descriptor, bool is_file)
      : path_(std::move(path)), descriptor_(descriptor), is_file_(is_file) {}
  std::filesystem::path path_;
  int descriptor_;
  bool is_file_;
  bool empty_{true};
};

}  // namespace keyrite
