// Reads a transcript's log file, one entry per line, in pieces: a log of any length in the same
// memory. Holds the file open; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace keyrite::transcript {

// Where an entry begins. All before it is not read.
struct LogStart {
  std::uint64_t entries{};  // before it: its index
  std::uint64_t bytes{};
};

struct LogEnd {
  std::uint64_t entries{};  // whole lines, those before the start among them
  std::uint64_t bytes{};    // of these, with their LF
  std::string torn{};       // after the last LF: a line whose writing did not end
};

// Calls `take` with the index and the bytes of each whole line, without LF, until it answers false.
// The bytes are valid during the call only. Errors: kConfig "file-unreadable", "not-a-file";
// kVerification "entry-too-large", "entry-empty", each with the entry's index.
LogEnd read_log(const std::string& path,
                const std::function<bool(std::uint64_t index, std::string_view entry)>& take,
                const LogStart& from = {});

}  // namespace keyrite::transcript
