#include "audit/transcript_timestamp.h"

#include <filesystem>

#include <fmt/format.h>

#include "audit/internal/timestamp_command.h"
#include "audit/internal/verify_text.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "crypto/digest.h"
#include "crypto/timestamp.h"
#include "transcript/layout.h"
#include "transcript/sent.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

Bytes sent_content(const std::string& folder, const std::string& sha256, const char* extension) {
  const std::string path = transcript::sent_file(folder, sha256, extension);
  if (!is_there(path)) {
    throw Error(Kind::kVerification, "timestamp-other-checkpoint",
                fmt::format("the timestamp reply is about {}, and keyrite transcript timestamp "
                            "request sent no such checkpoint",
                            sha256),
                "give the reply to a query that was made here");
  }
  return read_file(path);
}

}  // namespace

RequestedTimestamp request_timestamp(const RequestTimestampRequest& request) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey);
  RequestedTimestamp requested{.audited = audit(source)};
  const Bytes checkpoint = audited_checkpoint(source, requested.audited);
  requested.checkpoint_sha256 = crypto::sha256_hex(checkpoint);
  require_writable_new_path(request.out);
  const auto keep = [&](const char* extension, ByteView content) {
    return transcript::keep_sent(source.folder, requested.checkpoint_sha256, extension, content);
  };
  (void)keep(transcript::kSentCheckpoint, checkpoint);
  write_new_file(request.out, keep(transcript::kSentQuery, crypto::timestamp_query(checkpoint)));
  return requested;
}

AttachedTimestamp attach_timestamp(const AttachTimestampRequest& request) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey);
  const auto reply = crypto::parse_timestamp_reply(read_file(request.reply), request.reply);
  const std::string sha256 = to_hex(reply.imprint);
  const Bytes checkpoint = sent_content(source.folder, sha256, transcript::kSentCheckpoint);
  const Bytes query = sent_content(source.folder, sha256, transcript::kSentQuery);
  const crypto::TimestampTrust trust{
      .ca = as_text(read_file(request.ca)),
      .chain = request.chain ? as_text(read_file(*request.chain)) : std::string()};
  crypto::require_timestamp(reply, query, checkpoint, trust);
  AttachedTimestamp attached{
      .audited =
          audit(source, transcript::sent_file(source.folder, sha256, transcript::kSentCheckpoint)),
      .time = reply.time};
  attached.size = attached.audited.verified.from->head.size;
  const fs::path folder = fs::path(source.folder) / kTimestamps;
  std::error_code ignored;
  fs::create_directory(folder, ignored);
  attached.place = folder / std::to_string(attached.size);
  std::vector<FolderFile> files{{.name = transcript::kCheckpointName, .content = checkpoint},
                                {.name = kTimestampQuery, .content = query},
                                {.name = kTimestampReply, .content = reply.der},
                                {.name = kTimestampCa, .content = read_file(request.ca)}};
  if (request.chain)
    files.push_back({.name = kTimestampChain, .content = read_file(*request.chain)});
  write_new_folder(attached.place, files);
  VerifyText text;
  text.command(timestamp_command("", reply.time, request.chain.has_value()));
  attached.command = text.text();
  return attached;
}

Json RequestedTimestamp::to_json() const {
  Json json = audited.to_json();
  json["checkpoint_sha256"] = checkpoint_sha256;
  return json;
}

Json AttachedTimestamp::to_json() const {
  Json json = audited.to_json();
  json["stamped_size"] = size;
  json["time"] = format_rfc3339(time);
  json["place"] = place;
  return json;
}

}  // namespace keyrite::audit
