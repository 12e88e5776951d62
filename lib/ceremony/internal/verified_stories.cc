// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/verified_stories.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include "base/error.h"

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

}  // namespace keyrite::ceremony
