// Files that are either whole or absent. Reading has a size limit; writing creates exclusively
// (mode 0600), writes, fsyncs, renames and fsyncs the folder, so that a crash leaves the old state
// or the new one. A failed fsync is final (the kernel may have dropped the pages). No state, any
// thread; two writers of one path: one of them gets an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace keyrite {

// Largest input any tool reads: import parameters, evidence, manifests are all far smaller.
inline constexpr std::size_t kMaxInputFile = std::size_t{1} << 20U;

// The whole file. Errors: kConfig "file-unreadable" (with the system's reason), "file-too-large",
// "not-a-file".
[[nodiscard]] Bytes read_file(const std::filesystem::path& path, std::size_t limit = kMaxInputFile);

// A file of any size, piece by piece: the memory of one piece, whatever the file's length. Holds
// the file open; one thread.
class FilePieces {
 public:
  // From the byte `from` to the end. Errors: kConfig "file-unreadable", "not-a-file".
  explicit FilePieces(std::filesystem::path path, std::uint64_t from = 0);
  FilePieces(const FilePieces&) = delete;
  FilePieces& operator=(const FilePieces&) = delete;
  ~FilePieces();
  // The next bytes, valid until the next call; none at the end. Error kConfig "file-unreadable".
  [[nodiscard]] ByteView next();

 private:
  std::filesystem::path path_;
  int fd_;
  Bytes piece_;
};

// Writes a new file; "name/" is "name". Errors: kUsage "output-exists"; kFailed "file-unwritable"
// (disk full, folder unreadable, ...), after which nothing of it is left.
void write_new_file(const std::filesystem::path& given, ByteView content);

// Puts new content in the place of a file's, or makes it (mode 0600): readers see the old content
// or the new. Errors kFailed "file-unwritable", after which the old content is there.
void replace_file(const std::filesystem::path& path, ByteView content);
// The same of content that comes in pieces; an empty piece ends it. What `next` throws leaves the
// old content.
void replace_file(const std::filesystem::path& path, const std::function<ByteView()>& next);

// The same two for what another library writes: `fill` gets the path of an empty file (mode 0600)
// in the same folder, and nothing is left when it throws. Errors also those of `fill`.
using FillFile = std::function<void(const std::filesystem::path& empty)>;
void fill_new_file(const std::filesystem::path& given, const FillFile& fill);
void fill_replacement(const std::filesystem::path& path, const FillFile& fill);

// What writers that were killed left in a folder, or writers at work have there now: their
// temporary files and folders. Empty where the folder cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> leftovers_in(const std::filesystem::path& folder);

// Removes them. Only for a folder in which nobody else writes: the caller holds its lock. What
// cannot be removed stays.
void remove_leftovers(const std::filesystem::path& folder);

// Makes the folder (mode 0700) unless it is there; its name is on disk when this returns. Error
// kFailed "file-unwritable".
void require_folder(const std::filesystem::path& folder);

struct FolderFile {
  std::string name{};  // a path relative to the folder; sub-folders are made
  Bytes content{};
  bool executable{false};  // mode 0700 instead of 0600
};

// Writes a whole new folder (mode 0700): under a temporary name beside it, everything fsynced, then
// renamed without replacing. Errors as write_new_file; after an Error neither the folder nor the
// temporary one is left.
void write_new_folder(const std::filesystem::path& given, const std::vector<FolderFile>& files);

// Takes a folder back that write_new_folder made in this process. Error kFailed "file-unwritable",
// which names what remains.
void remove_folder(const std::filesystem::path& made);

// Throws the "output-exists" or "file-unwritable" Error that a later write would throw, as far as
// that can be known before any work is done: the folder is there, may be written, is on a file
// system that holds files (/proc is not), and has room. Changes nothing.
void require_writable_new_path(const std::filesystem::path& given);

}  // namespace keyrite
