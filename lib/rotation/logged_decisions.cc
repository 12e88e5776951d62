// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/logged_decisions.h"

#include <filesystem>
#include <system_error>

#include "act/registry_replay.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::rotation {

const registry::DecisionInLog& LoggedDecisions::of(const site::Site& site) {
  std::error_code none;
  const auto bytes =
      std::filesystem::file_size(transcript::log_of(site.path(site::kTranscriptName)), none);
  if (!known_ || none || bytes != bytes_) known_ = act::decisions_of(site);
  bytes_ = bytes;
  return *known_;
}

}  // namespace keyrite::rotation
