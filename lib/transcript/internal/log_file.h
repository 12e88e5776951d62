// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The open file of a log: a line is added at its end and on the disk, or the file is as it was.
// What is behind the last entry that counts (a line that was not finished, or all that a person
// drops) stays there until the log tells of it. Holds the file open; one log, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "transcript/internal/frontier.h"
#include "transcript/internal/loaded_log.h"

namespace keyrite::transcript {

class LogFile {
 public:
  // Of `log`, which outlives it.
  LogFile(std::string folder, LoadedLog& log) : folder_(std::move(folder)), log_(log) {}
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile();
  // `read`: of the file when the log was read. Error kFailed "file-unwritable".
  void open(const std::optional<FileStamp>& read);

  // Nobody else wrote here since the log was read. Errors kVerification "log-changed-meanwhile";
  // kFailed "file-unwritable".
  void require_unchanged() const;
  // A failed sync is final: nothing is added any more.
  [[nodiscard]] bool is_broken() const { return broken_ != 0; }
  // Error kFailed "file-unwritable".
  void require_whole() const;
  // At the end of the entries. Error kFailed "file-unwritable", after which the file is as it was;
  // where the disk refuses even that, the hint says so.
  void add_line(const std::string& line);

  // What is behind the last entry that counts. It may be of any length, so only its start is in
  // memory: the part that the next entry overwrites.
  struct Rest {
    std::uint64_t bytes{0};
    std::string start{};
  };
  // Of a line that was not finished.
  const Rest& torn_rest();
  // Of what a person drops: kept as evidence of who wrote here, under its SHA-256, which is
  // returned in hex. Errors: those of replace_file; kVerification "log-changed-meanwhile".
  [[nodiscard]] std::string keep_rest();
  [[nodiscard]] const Rest& rest() const { return rest_; }
  // When the log tells of it. Error kFailed "file-unwritable".
  void cut_off();

  // Of the file as this writer left it. nullopt where it was changed by somebody else, or where it
  // is not known what is on the disk.
  [[nodiscard]] std::optional<FileStamp> stamp() const;

 private:
  [[nodiscard]] std::string path() const;
  [[noreturn]] void unwritable(int reason, const char* hint) const;
  [[noreturn]] void changed_meanwhile(const char* how) const;
  void note_stamp() { stamp_ = stamp_of(path()); }
  [[nodiscard]] std::string read_last_entry() const;
  [[nodiscard]] int write_at_end(std::string_view text) const;
  [[noreturn]] void take_back(int reason);
  [[nodiscard]] std::string read_rest();

  std::string folder_;
  LoadedLog& log_;
  int fd_{-1};
  Rest rest_{};
  std::optional<FileStamp> stamp_{};
  int broken_{0};  // the errno after which nothing is added any more
};

}  // namespace keyrite::transcript
