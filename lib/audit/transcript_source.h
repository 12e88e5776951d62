// Which transcript is meant, and whose keys verify it: all commands of the transcript tool begin
// with this. A folder may be a site's or its transcript's. Without --vkey keyrite takes the site's
// own vkeys, which prove no more than the site's own word. Reads files; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/statement_uses.h"
#include "base/json.h"
#include "transcript/marks.h"
#include "transcript/verify.h"

namespace keyrite::audit {

// How far a log is read (act::Context::progress); unset: nobody is told.
using ReadProgress = std::function<void(std::uint64_t done, std::optional<std::uint64_t> total)>;

struct TranscriptSource {
  std::string folder{};               // with log.jsonl and checkpoint
  std::optional<std::string> site{};  // the site that it is in, if it is
  std::vector<transcript::NoteKey> keys{};
  // The file, when keys came from one in the site or in the transcript's folder, given or not.
  std::optional<std::string> keys_of_site{};
  ReadProgress progress{};  // told of a log that takes longer than a second
};

// The fields that every request has in its table.
[[nodiscard]] const act::FieldInfo& transcript_folder_field();
[[nodiscard]] const act::FieldInfo& vkey_field();

// Each of `vkey` is a vkey, or a file with one in each line. Errors: those of require_folder_there;
// kUsage "vkey-missing" (none given, and no site to ask); kConfig "vkey-invalid",
// "vkey-type-unknown", "vkey-file-empty", those of read_file.
[[nodiscard]] TranscriptSource transcript_source(const std::string& folder,
                                                 const std::vector<std::string>& vkey,
                                                 const ReadProgress& progress = {});

struct AuditedTranscript {
  transcript::Verified verified{};
  std::optional<std::string> keys_of_site{};
  transcript::EntryMarks marks{};  // of the entries that the checkpoint signs
  // Approval statements that were compared with the intents that used them, where somebody did.
  std::optional<ComparedStatements> statements{};
  [[nodiscard]] Json to_json() const;
};
// Errors: those of transcript::verify.
[[nodiscard]] AuditedTranscript audit(const TranscriptSource& source,
                                      const std::optional<std::string>& from = std::nullopt,
                                      const transcript::EntryReader& read = {});

// The checkpoint's file as it was audited a moment ago. Errors: those of read_file, and
// "log-changed".
[[nodiscard]] Bytes audited_checkpoint(const TranscriptSource& source,
                                       const AuditedTranscript& audited);

// Throws kVerification "log-changed": what was read twice was not the same.
[[noreturn]] void refuse_moving_transcript();

}  // namespace keyrite::audit
