// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/verified_stories.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "crypto/digest.h"
#include "transcript/layout.h"

namespace keyrite::ceremony {

VerifiedStories verified_stories(const audit::TranscriptSource& source) {
  // Which key signs the log is known at its end: one reading for each that was given.
  std::vector<Stories> read(source.keys.begin(), source.keys.end());
  VerifiedStories verified;
  verified.audited = audit::audit(source, std::nullopt, [&](const transcript::SignedEntry& entry) {
    for (auto& one : read) one.take(entry.index, entry.line);
  });
  const auto& origin = verified.audited.verified.checkpoint.origin;
  const auto key = std::ranges::find_if(
      source.keys, [&](const transcript::NoteKey& one) { return one.name() == origin; });
  if (key == source.keys.end()) {
    throw Error(Kind::kVerification, "note-unsigned", "no given key has the name of the log",
                "give the vkey of the log");
  }
  verified.stories = read[static_cast<std::size_t>(std::distance(source.keys.begin(), key))].all();
  return verified;
}

ReadEvidence evidence_of(const audit::TranscriptSource& source) {
  const auto folder = std::filesystem::path(source.folder) / transcript::kEvidenceName;
  return [folder](const std::string& sha256) -> std::optional<Bytes> {
    // The log is somebody's: no name of it leads elsewhere.
    if (!is_lower_hex(sha256, kSha256Bytes) || !is_there(folder / sha256)) return std::nullopt;
    try {
      Bytes content = read_file(folder / sha256);
      return crypto::sha256_hex(content) == sha256 ? std::optional(std::move(content))
                                                   : std::nullopt;
    } catch (const Error&) {
      return std::nullopt;
    }
  };
}

}  // namespace keyrite::ceremony
