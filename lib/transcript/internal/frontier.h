// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a writer leaves for the next one, so that it need not read what is signed: the last signed
// entry, its place in the tree, and the history before it. It is in the log's folder, where anybody
// who may write it can change it. So it is believed only if a checkpoint of the log's key proves
// it, and if the log's file is the one that it was written for. Reads and writes files; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transcript/history.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"
#include "transcript/note.h"

namespace keyrite::transcript {

// Which file a log is, and when it last changed. `changed`: seconds and nanoseconds.
struct FileStamp {
  std::uint64_t inode{};
  std::string changed{};
  std::uint64_t bytes{};
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
// nullopt for what is no file, a link among them.
[[nodiscard]] std::optional<FileStamp> stamp_of(const std::string& path);

struct Frontier {
  TreeHead head{};           // which its checkpoint signs
  std::string checkpoint{};  // the signed note
  Proof path{};              // of the last entry
  std::string line{};        // that entry
  LogStart start{};          // where it begins
  std::string history{};     // before it, as History::text gives it
  std::vector<std::string> open{};
  // Where the first entry begins that it does not cover.
  [[nodiscard]] LogStart end() const;
};

struct BelievedFrontier {
  Frontier frontier{};
  History history{};           // the last entry is taken
  Hash leaf{};                 // of the last entry
  History::Decided decided{};  // before the last entry
};

// The frontier of a log. nullopt where there is none, and where anything about it is not proven: it
// is a link, or others may write it; its note is not the log's; the path does not lead from the
// line to the note's root; the log's key does not vouch for the line, or the line has another
// history; for a writer, the log's file is another one, or changed since. A reader, who may come
// while a writer is at work, does without that.
enum class Believer : std::uint8_t { kWriter, kReader };
[[nodiscard]] std::optional<BelievedFrontier> believed_frontier(const std::string& folder,
                                                                const NoteKey& key,
                                                                Believer who = Believer::kWriter);

// For a log whose file has this stamp. What fails leaves the old one, which nobody believes then.
void leave_frontier(const std::string& folder, const Frontier& frontier, const FileStamp& log);

}  // namespace keyrite::transcript
