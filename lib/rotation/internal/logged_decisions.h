// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The decisions of a site's log for a run that looks at many keys: read anew only when the log, to
// which entries are added alone, has become longer. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "registry/decisions.h"
#include "site/site.h"

namespace keyrite::rotation {

class LoggedDecisions {
 public:
  // Errors: those of act::decisions_of.
  [[nodiscard]] const registry::DecisionInLog& of(const site::Site& site);

 private:
  std::uintmax_t bytes_{0};
  std::optional<registry::DecisionInLog> known_{};
};

}  // namespace keyrite::rotation
