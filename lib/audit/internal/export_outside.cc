#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/internal/export_part.h"
#include "audit/internal/timestamp_command.h"
#include "audit/transcript_witness.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/timestamp.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

// That the log is, or has grown out of, what the checkpoint in that file signs.
void require_holds(const ExportedLog& log, const std::string& checkpoint) {
  (void)audit(log.source, checkpoint);
}

// The number of entries that a checkpoint signs: what timestamps and witnessed checkpoints are
// called. Any other name is somebody else's, and would stand in a command.
bool is_size(const std::string& name) {
  constexpr std::size_t kDigits = 15;
  return !name.empty() && name.size() <= kDigits &&
         name.find_first_not_of("0123456789") == std::string::npos;
}

void pass_over(ExportPart& part, const char* folder, const std::string& name) {
  // Names with a dot in front are of a writer that was killed.
  if (!name.starts_with('.')) part.passed_over.push_back(fmt::format("{}/{}", folder, name));
}

// No hash in the log binds these files: a link would carry somebody else's file out of the room.
Bytes read_own(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_regular_file(fs::symlink_status(path, ignored))) return read_file(path);
  throw Error(Kind::kConfig, "not-a-file",
              fmt::format("{} is not a regular file", printable(path.native())),
              "replace it with the file itself");
}

void add_timestamp(const ExportedLog& log, const std::string& name, ExportPart& part) {
  const fs::path place = fs::path(log.source.folder) / kTimestamps / name;
  const std::string folder = fmt::format("{}/{}/", kTimestamps, name);
  const auto content = [&](const char* file) { return read_own(place / file); };
  const bool has_chain = is_there(place / kTimestampChain);
  const auto reply =
      crypto::parse_timestamp_reply(content(kTimestampReply), folder + kTimestampReply);
  const Bytes checkpoint = content(transcript::kCheckpointName);
  crypto::require_timestamp(
      reply, content(kTimestampQuery), checkpoint,
      {.ca = as_text(content(kTimestampCa)),
       .chain = has_chain ? as_text(content(kTimestampChain)) : std::string()});
  require_holds(log, place / transcript::kCheckpointName);
  const auto size =
      transcript::parse_signed_checkpoint(as_text(checkpoint), folder).checkpoint.head.size;
  if (std::to_string(size) != name) {
    throw Error(Kind::kVerification, "timestamp-other-size",
                fmt::format("{} contains a checkpoint of {} entries", printable(folder), size),
                fmt::format("rename the folder to {}, and find out who renamed it", size));
  }
  part.files.push_back({.name = folder + transcript::kCheckpointName, .content = checkpoint});
  part.files.push_back({.name = folder + kTimestampReply, .content = reply.der});
  part.files.push_back({.name = folder + kTimestampCa, .content = content(kTimestampCa)});
  if (has_chain)
    part.files.push_back({.name = folder + kTimestampChain, .content = content(kTimestampChain)});
  part.told.push_back(
      fmt::format("The authority whose CA is in {}{} saw the first {} at {}, by its own clock.",
                  folder, kTimestampCa, counted_entries(size), format_rfc3339(reply.time)));
  part.verify.title(fmt::format("Timestamp of {} entries", name));
  part.verify.say(
      fmt::format("The authority whose CA is in {0}{1} saw this checkpoint at {2}. Its certificate "
                  "must have been valid at that time (-attime). Compare the CA with the one that "
                  "the authority publishes:",
                  folder, kTimestampCa, format_rfc3339(reply.time)));
  part.verify.command(timestamp_command(folder, reply.time, has_chain));
  part.verify.say(
      "Check that this log made the checkpoint, and still contains everything that it signs:");
  part.verify.command(signature_command(folder + transcript::kCheckpointName));
  part.verify.command(root_command(folder + transcript::kCheckpointName));
}

constexpr const char* kWitnessVkeys = "witness-vkeys";  // in the export
constexpr const char* kWitnessVkeysName = "vkeys";      // beside what they signed

// The log's keys and all witnesses that are known here.
std::vector<transcript::NoteKey> keys_with_witnesses(const ExportedLog& log,
                                                     const fs::path& folder) {
  TranscriptSource all = log.source;
  const auto witnesses = transcript_source(log.source.folder, {folder / kWitnessVkeysName});
  for (const auto& key : witnesses.keys) {
    const bool known = std::any_of(all.keys.begin(), all.keys.end(),
                                   [&](const auto& one) { return one.text() == key.text(); });
    if (!known) all.keys.push_back(key);
  }
  return all.keys;
}

void add_witnessed(const ExportedLog& log, const fs::path& file,
                   const std::vector<transcript::NoteKey>& keys, ExportPart& part) {
  const std::string name = fmt::format("{}/{}", kWitnessed, file.filename().native());
  const auto checkpoint = transcript::read_checkpoint(file);
  const auto verdict = verify_checkpoint(checkpoint, keys, name);
  require_holds(log, file);
  std::vector<std::string> names;
  for (const auto& key : keys) {
    const bool signed_it = std::find(verdict.verified.begin(), verdict.verified.end(),
                                     key.text()) != verdict.verified.end();
    if (signed_it && key.type() == transcript::SignatureType::kCosignature)
      names.push_back(key.name());
  }
  part.files.push_back(text_file(name, checkpoint.note.bytes()));
  part.told.push_back(fmt::format("{} signed that the log had only grown up to {}.",
                                  fmt::join(names, ", "),
                                  counted_entries(checkpoint.checkpoint.head.size)));
  part.verify.title(
      fmt::format("Witnesses of {}", counted_entries(checkpoint.checkpoint.head.size)));
  part.verify.say(
      "Each witness confirms that the log only grew until then. Compare the keys in witness-vkeys "
      "with those that the witnesses publish:");
  ShellWords words{"sh", kVerifySignature, name, kWitnessVkeys};
  words.insert(words.end(), names.begin(), names.end());
  part.verify.command(words);
  part.verify.command(root_command(name));
}

}  // namespace

ExportPart export_witnessed(const ExportedLog& log) {
  ExportPart part;
  const fs::path folder = fs::path(log.source.folder) / kWitnessed;
  std::vector<std::string> sizes;
  for (const auto& name : names_in_folder(folder)) {
    if (is_size(name)) {
      sizes.push_back(name);
    } else if (name != kWitnessVkeysName) {
      pass_over(part, kWitnessed, name);
    }
  }
  if (sizes.empty()) return part;
  const auto keys = keys_with_witnesses(log, folder);
  std::string lines;
  for (const auto& key : keys) lines += key.text() + "\n";
  part.files.push_back(text_file(kWitnessVkeys, lines));
  for (const auto& name : sizes) add_witnessed(log, folder / name, keys, part);
  return part;
}

ExportPart export_timestamps(const ExportedLog& log) {
  ExportPart part;
  for (const auto& name : names_in_folder(fs::path(log.source.folder) / kTimestamps)) {
    if (is_size(name)) {
      add_timestamp(log, name, part);
    } else {
      pass_over(part, kTimestamps, name);
    }
  }
  return part;
}

}  // namespace keyrite::audit
