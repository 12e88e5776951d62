// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred --forget: a tenant whose keys are all destroyed, and about whom no cloud has anything left
// to answer, loses its names. A copy that has them is written for the controller before. Then they
// leave the registry, what people typed, and the names beside approvals; then the site's files are
// searched for them. Log and certificates go on with the tenant's id. A run that was killed is run
// again. One Runner for all acts; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/context.h"
#include "base/json.h"
#include "shredding/requests.h"

namespace keyrite::shredding {

class Forgetting {
 public:
  // Errors: those of require_sense and next().
  Forgetting(ShredRequest request, act::Context context);
  ~Forgetting();
  Forgetting(const Forgetting&) = delete;
  Forgetting& operator=(const Forgetting&) = delete;

  // The next act; nullopt: nothing is left to be done. Errors kUsage "tenant-unknown"; kFailed
  // "tenant-not-offboarding", "key-not-destroyed", "legal-hold", "destinations-open" (a cloud did
  // not answer that it has the key no more, and nobody waived that), "forget-unfinished" (an
  // earlier run was killed, and only the copy has the name); kVerification "version-differs",
  // "name-copy-other" (not the copy whose SHA-256 the log has); those of Registry.
  [[nodiscard]] std::optional<act::Act> next();

  // {state: "to-do", "forgotten"; tenant, ...}
  [[nodiscard]] Json document() const;
  [[nodiscard]] std::vector<std::string> text() const;
  [[nodiscard]] static int code() { return 0; }

  struct State;

 private:
  std::unique_ptr<State> state_;
};

// shred --waive: nobody waits any more for what this destination answers, before the tenant's names
// go. A decision that officers approve as they do a shred. Errors kUsage "tenant-unknown",
// "destination-unknown"; kFailed "waive-nothing": it has nothing of the tenant that was approved
// for destruction, or answered.
[[nodiscard]] act::Act waive(const ShredRequest& request);

}  // namespace keyrite::shredding
