// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which entries transcript show was asked for: the conditions of the request, read once. A value,
// any thread.
#pragma once

#include <optional>
#include <string>

#include "audit/show_transcript.h"
#include "base/clock.h"
#include "base/json_fwd.h"

namespace keyrite::audit {

class EntryFilter {
 public:
  // Errors kUsage "key-not-hex", "run-not-hex", "time-invalid".
  explicit EntryFilter(const ShowTranscriptRequest& request);
  [[nodiscard]] bool takes(const Json& entry) const;

 private:
  [[nodiscard]] bool names_key(const Json& entry) const;
  [[nodiscard]] bool in_time(const Json& entry) const;

  std::optional<std::string> act_;
  std::optional<std::string> key_{};
  std::optional<std::string> run_{};
  std::optional<TimePoint> since_{};
  std::optional<TimePoint> until_{};
};

}  // namespace keyrite::audit
