#include <filesystem>

#include <fmt/format.h>

#include "acts/internal/export_part.h"
#include "acts/internal/timestamp_command.h"
#include "base/text.h"
#include "crypto/timestamp.h"
#include "transcript/layout.h"

namespace keyrite::acts {

namespace {

namespace fs = std::filesystem;

// That the log is, or has grown out of, what the checkpoint in that file signs.
void require_holds(const ExportedLog& log, const std::string& checkpoint) {
  (void)audit(log.source, checkpoint);
}

void add_timestamp(const ExportedLog& log, const std::string& name, ExportPart& part) {
  const fs::path place = fs::path(log.source.folder) / kTimestamps / name;
  const std::string folder = fmt::format("{}/{}/", kTimestamps, name);
  const auto content = [&](const char* file) { return read_file(place / file); };
  std::error_code ignored;
  const bool has_chain = fs::exists(place / kTimestampChain, ignored);
  const auto reply =
      crypto::parse_timestamp_reply(content(kTimestampReply), folder + kTimestampReply);
  const Bytes checkpoint = content(transcript::kCheckpointName);
  crypto::require_timestamp(
      reply, content(kTimestampQuery), checkpoint,
      {.ca = as_text(content(kTimestampCa)),
       .chain = has_chain ? as_text(content(kTimestampChain)) : std::string()});
  require_holds(log, place / transcript::kCheckpointName);
  part.files.push_back({.name = folder + transcript::kCheckpointName, .content = checkpoint});
  part.files.push_back({.name = folder + kTimestampReply, .content = reply.der});
  part.files.push_back({.name = folder + kTimestampCa, .content = content(kTimestampCa)});
  if (has_chain)
    part.files.push_back({.name = folder + kTimestampChain, .content = content(kTimestampChain)});
  part.verify.title(fmt::format("Timestamp of {} entries", printable(name)));
  part.verify.say(fmt::format(
      "The authority whose CA is in {0}{1} saw this checkpoint at {2}. Its certificate is taken at "
      "that time (-attime); compare the CA with what the authority publishes:",
      folder, kTimestampCa, format_rfc3339(reply.time)));
  part.verify.command(timestamp_command(folder, reply.time, has_chain));
  part.verify.say("The checkpoint is one of this log, and the log still holds all of it:");
  part.verify.command(signature_command(folder + transcript::kCheckpointName));
  part.verify.command(root_command(folder + transcript::kCheckpointName));
}

}  // namespace

ExportPart export_timestamps(const ExportedLog& log) {
  ExportPart part;
  for (const auto& name : names_in_folder(fs::path(log.source.folder) / kTimestamps)) {
    // Names with a dot are of a writer that was killed.
    if (name.find('.') == std::string::npos) add_timestamp(log, name, part);
  }
  return part;
}

}  // namespace keyrite::acts
