// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Single lines of a log, read from where they are: a reader that needs few of them reads nothing
// else. Holds the file open; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace keyrite::transcript {

class LogLines {
 public:
  // A file that cannot be opened has no lines.
  explicit LogLines(const std::string& log);
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  ~LogLines();

  [[nodiscard]] std::uint64_t bytes() const;
  // The line that begins there, without its LF; nullopt where none ends.
  [[nodiscard]] std::optional<std::string> at(std::uint64_t byte) const;
  // The bytes from there on, at most `size` of them.
  [[nodiscard]] std::string piece(std::uint64_t byte, std::size_t size) const;

 private:
  int fd_;
};

}  // namespace keyrite::transcript
