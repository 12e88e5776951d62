// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/frontier.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <exception>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "transcript/checkpoint.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

// Open intents and used statements are few; a file of more is none of ours.
constexpr std::size_t kFrontierFields = 6;
constexpr std::size_t kMaxFrontier = std::size_t{16} << 20U;

std::string changed_text(const struct stat& status) {
  return fmt::format("{}.{:09}", status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

std::pair<std::time_t, long> changed_at(const struct stat& status) {
  return {status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

// A file of ours that nobody else may write.
bool is_ours(const struct stat& status) {
  if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return false;
  return status.st_uid == 0 || status.st_uid == ::geteuid();
}

// It changed after the log did: what changes the log from then on gives it another time, however
// coarse the file system's clock is.
bool is_after(const std::string& frontier, const struct stat& log) {
  struct stat status {};
  return ::lstat(frontier.c_str(), &status) == 0 && changed_at(status) > changed_at(log);
}

bool has_stamp(const Json& json, const struct stat& log) {
  return json == Json{{"bytes", static_cast<std::uint64_t>(log.st_size)},
                      {"changed", changed_text(log)},
                      {"inode", std::to_string(log.st_ino)}};
}

// The bytes of a file from `start` on; fewer where it ends.
std::string piece_of(const std::string& path, std::uint64_t start, std::size_t size) {
  FilePieces pieces(path, start);
  std::string text;
  for (ByteView piece = pieces.next(); !piece.empty() && text.size() < size; piece = pieces.next())
    text += as_text(piece.first(std::min(piece.size(), size - text.size())));
  return text;
}

// The line is in the file where the history says, and after another line.
bool is_in_file(const std::string& path, const Frontier& frontier) {
  const std::string wanted = (frontier.start.bytes == 0 ? "" : "\n") + frontier.line + "\n";
  const std::uint64_t from = frontier.start.bytes - (frontier.start.bytes == 0 ? 0 : 1);
  return piece_of(path, from, wanted.size()) == wanted;
}

// The log's key vouches for the line, which names this history.
bool is_vouched_with(const std::string& line, const std::string& history, const NoteKey& key) {
  const Json entry = parse_canonical_json(line, kFrontierName);
  return entry.is_object() && is_vouched(entry, key) &&
         entry.value(kHistorySha256, Json()) == crypto::sha256_hex(as_bytes(history));
}

std::optional<Frontier> parsed(const Json& json) {
  if (!json.is_object() || json.size() != kFrontierFields || json.at("version") != kFrontierVersion)
    return std::nullopt;
  ProofFile proof = parse_proof_file(json.at("proof").get<std::string>(), kFrontierName);
  const auto note = parse_signed_checkpoint(proof.checkpoint, kFrontierName);
  Frontier frontier{.head = note.checkpoint.head,
                    .checkpoint = std::move(proof.checkpoint),
                    .path = std::move(proof.proof),
                    .line = json.at("line").get<std::string>(),
                    .history = json.at("history").get<std::string>(),
                    .open = json.at("open").get<std::vector<std::string>>()};
  if (proof.index + 1 != frontier.head.size) return std::nullopt;
  return frontier;
}

// Of a frontier that was written for the log as it is.
std::optional<BelievedFrontier> proven(Frontier frontier, const std::string& log,
                                       const NoteKey& key) {
  (void)verify_checkpoint(parse_signed_checkpoint(frontier.checkpoint, kFrontierName), {key},
                          kFrontierName);
  Hasher hasher;
  Tree tree(hasher);
  const Hash leaf = hasher.leaf(as_bytes(frontier.line));
  const bool is_last = tree.continue_from(frontier.head.size, leaf, frontier.path) &&
                       tree.root() == frontier.head.root;
  if (!is_last || !is_vouched_with(frontier.line, frontier.history, key)) return std::nullopt;
  auto told = history_of(frontier.history, frontier.open);
  if (!told || told->next.entries + 1 != frontier.head.size) return std::nullopt;
  frontier.start = told->next;
  if (!is_in_file(log, frontier)) return std::nullopt;
  const auto decided = told->history.decided();
  told->history.take(frontier.start.entries, frontier.line);
  return BelievedFrontier{.frontier = std::move(frontier),
                          .history = std::move(told->history),
                          .leaf = leaf,
                          .decided = decided};
}

// Until a change of the log would have a later time than its last one: a file system's clock ticks
// every few milliseconds.
void wait_for_tick(const std::string& frontier, const std::string& log) {
  constexpr int kTries = 20;
  struct stat status {};
  if (::lstat(log.c_str(), &status) != 0) return;
  for (int tries = 0; tries < kTries && !is_after(frontier, status); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (::chmod(frontier.c_str(), S_IRUSR | S_IWUSR) != 0) return;
  }
}

}  // namespace

std::optional<FileStamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileStamp{.inode = status.st_ino,
                   .changed = changed_text(status),
                   .bytes = static_cast<std::uint64_t>(status.st_size)};
}

LogStart Frontier::end() const {
  return {.entries = start.entries + 1, .bytes = start.bytes + line.size() + 1};
}

std::optional<BelievedFrontier> believed_frontier(const std::string& folder, const NoteKey& key,
                                                  Believer who) {
  const std::string log = log_of(folder);
  const std::string path = frontier_of(folder);
  struct stat status {};
  struct stat of_log {};
  try {
    if (::lstat(path.c_str(), &status) != 0 || !is_ours(status)) return std::nullopt;
    const Json json = parse_canonical_json(as_text(read_file(path, kMaxFrontier)), kFrontierName);
    auto frontier = parsed(json);
    if (!frontier || ::lstat(log.c_str(), &of_log) != 0) return std::nullopt;
    const bool is_same = is_after(path, of_log) && has_stamp(json.at("log"), of_log);
    if (who == Believer::kWriter && !is_same) return std::nullopt;
    return proven(std::move(*frontier), log, key);
  } catch (const std::exception&) {
    return std::nullopt;  // whatever is wrong with it: the log says the same at more length
  }
}

void leave_frontier(const std::string& folder, const Frontier& frontier, const FileStamp& log) {
  const ProofFile proof{
      .index = frontier.start.entries, .proof = frontier.path, .checkpoint = frontier.checkpoint};
  const Json json{
      {"history", frontier.history},
      {"line", frontier.line},
      {"log",
       {{"bytes", log.bytes}, {"changed", log.changed}, {"inode", std::to_string(log.inode)}}},
      {"open", frontier.open},
      {"proof", proof.bytes()},
      {"version", kFrontierVersion}};
  try {
    replace_file(frontier_of(folder), as_bytes(canonical_json(json)));
    wait_for_tick(frontier_of(folder), log_of(folder));
  } catch (const std::exception&) {
    return;  // the next writer reads the whole log
  }
}

}  // namespace keyrite::transcript
