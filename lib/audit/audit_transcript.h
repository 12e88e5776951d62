// transcript verify and prove, the first steps of an auditor: verify a transcript's files, and
// extract the proof that one entry is in them. Never at a token. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_source.h"

namespace keyrite::audit {

struct VerifyTranscriptRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::optional<std::string> from{};  // an earlier checkpoint
  bool all_signed{false};             // entries behind the checkpoint are refused
  [[nodiscard]] static const std::vector<act::Field<VerifyTranscriptRequest>>& table();
};

struct ProveEntryRequest {
  std::string folder{};
  std::string index{};
  std::vector<std::string> vkey{};
  std::string out{};
  [[nodiscard]] static const std::vector<act::Field<ProveEntryRequest>>& table();
};

// The statements that its intents name are compared with them, where approvals/ is beside the log
// (in a site, in an export). Errors: those of transcript_source, of audit and of
// require_statements; with `all_signed` kWaiting "log-not-all-signed".
[[nodiscard]] AuditedTranscript verify_transcript(const VerifyTranscriptRequest& request,
                                                  const ReadProgress& progress = {});

struct ProvenEntry {
  AuditedTranscript audited{};
  std::uint64_t index{};
  std::string entry_sha256{};  // of the entry's bytes, lower-case hex
  [[nodiscard]] Json to_json() const;
};
// Verifies first, then writes the proof file (c2sp.org/tlog-proof@v1) and checks what it wrote.
// Errors as verify_transcript; kUsage "index-invalid", "index-not-signed"; those of write_new_file.
[[nodiscard]] ProvenEntry prove_entry(const ProveEntryRequest& request,
                                      const ReadProgress& progress = {});

}  // namespace keyrite::audit
