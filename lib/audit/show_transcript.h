// transcript show: the entries of a transcript, all or some of them, each with what is proven about
// it and, for the two entries of one act, the index of the other one. Never at a token. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_names.h"
#include "audit/transcript_source.h"

namespace keyrite::audit {

// What is given is asked for together: an entry is shown that fits all of it.
struct ShowTranscriptRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::optional<std::string> act{};
  std::optional<std::string> key{};    // a key's pseudonym or its CKA_ID, hex of either case
  std::optional<std::string> run{};    // hex, or how it begins
  std::optional<std::string> since{};  // RFC 3339, both included
  std::optional<std::string> until{};
  bool full{false};  // every field of each entry, and not one line an act
  [[nodiscard]] static const std::vector<act::Field<ShowTranscriptRequest>>& table();
};

struct ShownEntry {
  std::uint64_t index{};
  bool is_signed{false};     // at or below the checkpoint's size
  bool is_unvouched{false};  // nobody who held the token wrote it
  // Of an intent, its result; of a result, its intent: the entry of the same run and act.
  std::optional<std::uint64_t> counterpart{};
  Json entry{};
};
struct ShownTranscript {
  AuditedTranscript audited{};
  std::vector<ShownEntry> entries{};
  TranscriptNames names{};  // of the keys of these, unless all fields are shown
  [[nodiscard]] Json to_json() const;
};
// Verifies first. Errors: those of transcript_source and of audit; kUsage "key-not-hex",
// "run-not-hex", "time-invalid". A line that is not an entry is shown as such.
[[nodiscard]] ShownTranscript show_transcript(const ShowTranscriptRequest& request,
                                              const ReadProgress& progress = {});

}  // namespace keyrite::audit
