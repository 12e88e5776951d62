// What goes into an exported folder: files, and what VERIFY.txt says about them. Each part of a
// site is gathered by a function of its own; all of them get the transcript as it was verified.
// Values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "acts/internal/text_file.h"
#include "acts/internal/verify_text.h"
#include "acts/transcript_source.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

namespace keyrite::acts {

// Names in an exported folder that more than one part's commands use.
inline constexpr const char* kVerifyRoot = "verify-root.py";
inline constexpr const char* kVerifySignature = "verify-signature.sh";
inline constexpr const char* kVkeys = "vkeys";

struct ExportPart {
  std::vector<FolderFile> files{};
  VerifyText verify{};
};

// A verified transcript with all that the parts ask it for.
struct ExportedLog {
  TranscriptSource source{};
  AuditedTranscript audited{};
  std::string checkpoint{};     // the file's bytes
  std::string log{};            // the file's bytes, also of entries that are not signed
  std::vector<Json> entries{};  // the signed ones, in order
  std::size_t signed_bytes{};   // of these, with their LFs
  std::vector<transcript::Hash> leaves{};
  [[nodiscard]] std::string_view signed_lines() const {
    return std::string_view(log).substr(0, signed_bytes);
  }
};

// "python3 -I verify-root.py log.jsonl CHECKPOINT ...", and the like for signatures. Isolated, so
// that no file of the folder is a module of python's.
[[nodiscard]] std::vector<std::string> root_command(const std::string& checkpoint,
                                                    std::vector<std::string> more = {});
[[nodiscard]] std::vector<std::string> signature_command(const std::string& checkpoint,
                                                         std::vector<std::string> more = {});
// Names of the files in a folder, sorted; none where there is no folder.
[[nodiscard]] std::vector<std::string> names_in_folder(const std::string& folder);

// log.jsonl, checkpoint, vkeys, the two programs, and a proof for each entry of a short log, for
// each result of a long one. `proofs` becomes their number.
[[nodiscard]] ExportPart export_log(const ExportedLog& log, std::size_t& proofs);

// Evidence that a signed entry names by its SHA-256. Error kVerification "evidence-changed".
[[nodiscard]] ExportPart export_evidence(const ExportedLog& log);

// The timestamps beside the log, each of which must verify and be of this log. Errors: those of
// parse_timestamp_reply, require_timestamp and audit.
[[nodiscard]] ExportPart export_timestamps(const ExportedLog& log);

// The witnessed checkpoints beside the log, each of which must verify and be of this log. Errors:
// those of verify_checkpoint and audit.
[[nodiscard]] ExportPart export_witnessed(const ExportedLog& log);

// What became of one statement that signed entries name.
struct ExportedApproval {
  std::string statement_sha256{};
  std::vector<std::uint64_t> entries{};   // that acted under it
  std::vector<std::string> identities{};  // whose approval counts
};
// Statements that signed entries acted under, their good approvals, and the rosters of those.
// Each is compared with its request and with the intent that used it. Errors kVerification
// "approval-missing", "approval-roster-missing", "approval-not-enough"; those of judge_quorum, of
// parse_roster and of require_statements.
[[nodiscard]] ExportPart export_approvals(const ExportedLog& log,
                                          std::vector<ExportedApproval>& approvals);

// The texts of the two programs.
[[nodiscard]] std::string_view verify_root_program();
[[nodiscard]] std::string_view verify_signature_program();

}  // namespace keyrite::acts
