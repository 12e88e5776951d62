// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kNothingAdded =
    "repair the disk, then run the command again: nothing was added to the log";
constexpr const char* kPerhapsAdded =
    "repair the disk, then run keyrite resume: the new entry, or a part of it, may be in the log";

}  // namespace

LogFile::~LogFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::string LogFile::path() const { return log_of(folder_); }

void LogFile::open(const std::optional<FileStamp>& read) {
  stamp_ = read;
  fd_ = ::open(path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd_ < 0) unwritable(errno, kNothingAdded);
}

void LogFile::unwritable(int reason, const char* hint) const {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be written: {}", printable(path()),
                          std::generic_category().message(reason)),
              hint);
}

void LogFile::changed_meanwhile(const char* how) const {
  throw Error(Kind::kVerification, "log-changed-meanwhile",
              fmt::format("{} {}: another writer was at work", printable(path()), how), kStopHint);
}

void LogFile::require_unchanged() const {
  const std::string path = this->path();
  struct stat held {};
  struct stat named {};
  if (::fstat(fd_, &held) != 0 || ::stat(path.c_str(), &named) != 0)
    unwritable(errno, kNothingAdded);
  if (held.st_dev != named.st_dev || held.st_ino != named.st_ino)
    changed_meanwhile("is another file now");
  if (static_cast<std::uint64_t>(held.st_size) != log_.end.bytes + rest_.bytes)
    changed_meanwhile("has another size now");
  if (log_.prev && log_.hasher.leaf(as_bytes(read_last_entry())) != *log_.prev)
    changed_meanwhile("has another last entry now");
}

std::optional<FileStamp> LogFile::stamp() const {
  const auto now = stamp_of(path());
  const bool is_ours =
      broken_ == 0 && rest_.bytes == 0 && now && now == stamp_ && now->bytes == log_.end.bytes;
  return is_ours ? now : std::nullopt;
}

std::string LogFile::read_last_entry() const {
  std::string entry(log_.last_entry_bytes, '\0');
  std::size_t got = 0;
  while (got < entry.size()) {
    const ssize_t more =
        ::pread(fd_, entry.data() + got, entry.size() - got,
                static_cast<off_t>(log_.end.bytes - 1 - log_.last_entry_bytes + got));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  entry.resize(got);
  return entry;
}

// The errno of what failed, or 0.
int LogFile::write_at_end(std::string_view text) const {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t got = ::pwrite(fd_, text.data() + written, text.size() - written,
                                 static_cast<off_t>(log_.end.bytes + written));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    written += static_cast<std::size_t>(got);
  }
  return 0;
}

void LogFile::require_whole() const {
  if (broken_ != 0) unwritable(broken_, kNothingAdded);
}

void LogFile::add_line(const std::string& line) {
  if (const int reason = write_at_end(line); reason != 0) take_back(reason);
  if (::fdatasync(fd_) != 0) {
    // Final: the kernel may call pages clean that never reached the disk.
    broken_ = errno;
    take_back(broken_);
  }
  log_.end.bytes += line.size();
  ++log_.end.entries;
  note_stamp();
}

void LogFile::take_back(int reason) {
  // What the log does not report yet must not be lost; it has its place on the disk.
  const auto before = static_cast<off_t>(log_.end.bytes + rest_.bytes);
  if (write_at_end(rest_.start) == 0 && ::ftruncate(fd_, before) == 0)
    unwritable(reason, kNothingAdded);
  broken_ = reason;
  unwritable(reason, kPerhapsAdded);
}

void LogFile::cut_off() {
  rest_ = {};
  log_.end.torn.clear();
  if (::ftruncate(fd_, static_cast<off_t>(log_.end.bytes)) != 0) unwritable(errno, kPerhapsAdded);
  note_stamp();
}

}  // namespace keyrite::transcript
