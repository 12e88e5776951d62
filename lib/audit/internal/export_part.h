// What goes into an exported folder: files, and what VERIFY.txt says about them. Each part of a
// site is gathered by a function of its own; all of them get the transcript as it was verified.
// Values; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/internal/verify_text.h"
#include "audit/transcript_source.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text_file.h"

namespace keyrite::audit {

// Names in an exported folder that more than one part's commands use.
inline constexpr const char* kVerifyRoot = "verify-root.py";
inline constexpr const char* kVerifySignature = "verify-signature.sh";
inline constexpr const char* kVkeys = "vkeys";

struct ExportPart {
  std::vector<FolderFile> files{};
  VerifyText verify{};
  std::vector<std::string> passed_over{};  // files beside the log with names that are not ours
  std::vector<std::string> told{};         // what report.html says of it, a sentence each
};

// A verified transcript with all that the parts ask it for.
struct ExportedLog {
  TranscriptSource source{};
  AuditedTranscript audited{};
  std::string checkpoint{};  // the file's bytes
  std::string log{};         // the file's bytes, also of entries that are not signed
  // The signed ones, in order; an empty object for a line that is no entry of ours, which a log of
  // version 0.1.0 may hold.
  std::vector<Json> entries{};
  std::size_t signed_bytes{};  // of these, with their LFs
  std::vector<transcript::Hash> leaves{};
  [[nodiscard]] std::string_view signed_lines() const {
    return std::string_view(log).substr(0, signed_bytes);
  }
};

// "python3 -I verify-root.py log.jsonl CHECKPOINT ...", and the like for signatures. Isolated, so
// that no file of the folder is a module of python's.
[[nodiscard]] ShellWords root_command(const std::string& checkpoint, const ShellWords& more = {});
[[nodiscard]] ShellWords signature_command(const std::string& checkpoint,
                                           const ShellWords& more = {});
// Names of the files in a folder, sorted; none where there is no folder.
[[nodiscard]] std::vector<std::string> names_in_folder(const std::string& folder);
// What is kept beside the log under its SHA-256; empty where nothing is. Error kVerification
// "evidence-changed".
[[nodiscard]] Bytes kept_evidence(const ExportedLog& log, const std::string& sha256);
// The SHA-256 of what was kept beside the log for this entry.
[[nodiscard]] std::vector<std::string> evidence_of(const Json& entry);

// log.jsonl, checkpoint, vkeys, the two programs, and a proof for each entry of a short log, for
// each result of a long one. `proofs` becomes their number.
[[nodiscard]] ExportPart export_log(const ExportedLog& log, std::size_t& proofs);

// site.toml, each as it was when entries acted under it: which approvals were due.
[[nodiscard]] ExportPart export_policies(const ExportedLog& log);

// What signed entries name as kept, but for rosters and policies in `elsewhere`. Errors
// kVerification "evidence-file-missing", "evidence-changed".
[[nodiscard]] ExportPart export_evidence(const ExportedLog& log,
                                         const std::vector<FolderFile>& elsewhere);

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
  bool withheld{};                        // for the names in it
};
// Statements that signed entries acted under, the requests that those name, the approvals that the
// entries name, and the rosters. Without `names` nothing that has one: names.json, and all of a
// statement of version 1. Each statement is compared with its request and with the intent that used
// it. Errors kVerification "approval-missing", "approval-roster-missing", "approval-not-enough";
// those of judge_quorum, of parse_roster and of require_statements.
[[nodiscard]] ExportPart export_approvals(const ExportedLog& log, bool names,
                                          std::vector<ExportedApproval>& approvals);

// The texts of the two programs.
[[nodiscard]] std::string verify_root_program();
[[nodiscard]] std::string_view verify_signature_program();

}  // namespace keyrite::audit
