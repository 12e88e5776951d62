// transcript timestamp request and attach: an authority outside says when it saw a checkpoint (RFC
// 3161). The query goes out as a file and the reply comes back as one. Never at a token. One
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_source.h"
#include "base/clock.h"

namespace keyrite::audit {

struct RequestTimestampRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::string out{};
  [[nodiscard]] static const std::vector<act::Field<RequestTimestampRequest>>& table();
};
struct AttachTimestampRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::string reply{};
  std::string ca{};
  std::optional<std::string> chain{};
  [[nodiscard]] static const std::vector<act::Field<AttachTimestampRequest>>& table();
};

struct RequestedTimestamp {
  AuditedTranscript audited{};
  std::string checkpoint_sha256{};  // what is asked about
  [[nodiscard]] Json to_json() const;
};
// Verifies the transcript, keeps the checkpoint and the query beside it, and writes the query.
// Asked again about the same checkpoint it writes the same query. Errors: those of
// transcript_source, of audit, of write_new_file.
[[nodiscard]] RequestedTimestamp request_timestamp(const RequestTimestampRequest& request);

struct AttachedTimestamp {
  AuditedTranscript audited{};  // of the log as it is now
  std::uint64_t size{};         // of the checkpoint that was stamped
  TimePoint time{};
  std::string place{};    // the folder that was written
  std::string command{};  // for a shell, which verifies it in that folder; lines with their LF
  [[nodiscard]] Json to_json() const;
};
// Verifies that the log still holds the stamped checkpoint, and the reply at its own time; then
// writes timestamps/SIZE/ beside the log: checkpoint, query.tsq, reply.tsr, ca.pem, chain.pem.
// Errors: those of transcript_source, audit, parse_timestamp_reply, require_timestamp and
// write_new_folder; kVerification "timestamp-other-checkpoint" (no checkpoint that was sent).
[[nodiscard]] AttachedTimestamp attach_timestamp(const AttachTimestampRequest& request);

}  // namespace keyrite::audit
