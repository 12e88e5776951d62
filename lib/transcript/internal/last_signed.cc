// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/last_signed.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "transcript/internal/checkpoint_signing.h"
#include "transcript/internal/loaded_log.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kMissingHint =
    "restore the file. If it is lost for good, compare the log with witnesses, auditors or your "
    "own notes, then run keyrite resume --accept-missing-last-signed";

bool is_missing(const std::string& path) { return look_at(path).presence == Presence::kAbsent; }

}  // namespace

TreeHead LastSigned::head(const TreeHead& published, const Signer& signer,
                          const std::optional<LogPlace::AcceptedLoss>& loss) {
  if (!is_missing(path_)) {
    content_ = read_file(path_);
    return read_head(path_, signer);
  }
  if (!loss) {
    throw Error(Kind::kVerification, "last-signed-missing",
                fmt::format("{} is missing: without it keyrite cannot tell whether the log, "
                            "whose checkpoint signs {}, was rolled back",
                            printable(path_), counted_entries(published.size)),
                kMissingHint);
  }
  if (loss->head != published) {
    throw Error(Kind::kVerification, "last-signed-other",
                fmt::format("the checkpoint signs {}, root {}, and you say that the last "
                            "one signed {}, root {}",
                            counted_entries(published.size), to_hex(published.root),
                            loss->head.size, to_hex(loss->head.root)),
                kStopHint);
  }
  lost_ = true;
  return published;
}

void LastSigned::require_unchanged() const {
  if (lost_ ? is_missing(path_) : read_file(path_) == content_) return;
  throw Error(Kind::kVerification, "last-signed-changed",
              fmt::format("{} changed while keyrite worked: another writer signed meanwhile",
                          printable(path_)),
              kStopHint);
}

void LastSigned::write(const std::string& checkpoint) const {
  replace_file(path_, as_bytes(checkpoint));
}

bool LastSigned::has(const std::string& checkpoint) const {
  try {
    return as_text(read_file(path_)) == checkpoint;
  } catch (const Error&) {
    return false;  // what cannot be read is not known to be ours
  }
}

void LastSigned::restore(const std::string& published) {
  content_ = read_file(published);
  replace_file(path_, content_);
  lost_ = false;
}

}  // namespace keyrite::transcript
