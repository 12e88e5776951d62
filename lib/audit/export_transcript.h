// transcript export: a folder for an auditor who does not have keyrite: the log, what belongs to
// it, and VERIFY.txt, whose commands check all of it with openssl, coreutils, python3 and
// ssh-keygen. Never at a token. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_source.h"

namespace keyrite::audit {

struct ExportRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::string out{};
  std::string names{"no"};  // "yes": with what ADR 15 keeps out of the log
  [[nodiscard]] static const std::vector<act::Field<ExportRequest>>& table();
};

struct Exported {
  AuditedTranscript audited{};
  std::size_t files{};
  std::size_t proofs{};
  std::size_t evidence{};
  std::size_t approvals{};                 // statements that signed entries acted under
  std::size_t withheld{};                  // of these, left out for the names in them
  std::vector<std::string> passed_over{};  // beside the log, with names that are not ours
  std::string sums_sha256{};  // of SHA256SUMS, which has all other files: to be noted elsewhere
  [[nodiscard]] Json to_json() const;
};
// Verifies the transcript first, and the written folder's once more. Errors: those of
// transcript_source and of audit, which leave no folder; kVerification "evidence-file-missing",
// "evidence-changed", "approval-missing", "approval-roster-missing", "approval-not-enough"; kConfig
// "name-unprintable"; those of judge_quorum, parse_roster and write_new_folder.
[[nodiscard]] Exported export_transcript(const ExportRequest& request,
                                         const ReadProgress& progress = {});

}  // namespace keyrite::audit
