// transcript: what an auditor does with a transcript's files: verify them, read them, and cut out
// the proof that one entry is in them. Never at a token. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/request.h"
#include "transcript/verify.h"

namespace keyrite::acts {

// Common to all three: a folder with log.jsonl and checkpoint, and who may have signed it.
struct VerifyTranscriptRequest {
  std::string folder{};
  std::vector<std::string> vkey{};    // vkeys, or files with one in each line
  std::optional<std::string> from{};  // an earlier checkpoint
  [[nodiscard]] static const std::vector<Field<VerifyTranscriptRequest>>& table();
};

struct ShowTranscriptRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::optional<std::string> act{};
  [[nodiscard]] static const std::vector<Field<ShowTranscriptRequest>>& table();
};

struct ProveEntryRequest {
  std::string folder{};
  std::string index{};
  std::vector<std::string> vkey{};
  std::string out{};
  [[nodiscard]] static const std::vector<Field<ProveEntryRequest>>& table();
};

// Errors: those of transcript::verify; kConfig "vkey-invalid", "vkey-type-unknown",
// "vkey-file-empty".
[[nodiscard]] transcript::Verified verify_transcript(const VerifyTranscriptRequest& request);

struct ShownEntry {
  std::uint64_t index{};
  bool is_signed{false};  // at or below the checkpoint's size
  Json entry{};
};
struct ShownTranscript {
  transcript::Verified verified{};
  std::vector<ShownEntry> entries{};
  [[nodiscard]] Json to_json() const;
};
// Verifies first. Errors as verify_transcript, and those of transcript::parse_entry for an entry
// that is not one.
[[nodiscard]] ShownTranscript show_transcript(const ShowTranscriptRequest& request);

struct ProvenEntry {
  transcript::Verified verified{};
  std::uint64_t index{};
  std::string entry_sha256{};  // of the entry's bytes, lower-case hex
  [[nodiscard]] Json to_json() const;
};
// Verifies first, then writes the proof file (c2sp.org/tlog-proof@v1) and checks what it wrote.
// Errors as verify_transcript; kUsage "index-invalid", "index-not-signed"; those of write_new_file.
[[nodiscard]] ProvenEntry prove_entry(const ProveEntryRequest& request);

}  // namespace keyrite::acts
