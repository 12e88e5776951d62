// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/rewrap_step.h"

#include <utility>

#include <fmt/format.h>

#include "pkcs11/ckr.h"

namespace keyrite::rotation {

void RewrapStep::take(KeyRun& run) {
  run.moved += static_cast<std::int64_t>(tally_->moved);
  // What follows at the clouds after a compromise does not wait for a bad record.
  if (tally_->refusal) (run.standing.catching_up ? run.left_error : run.error) = tally_->refusal;
  tally_.reset();
}

std::optional<act::Act> RewrapStep::next(KeyRun& run, std::optional<std::uint32_t> jobs) {
  const auto& standing = run.standing;
  if (!is_out()) {
    dek::RewrapRequest all;
    all.tenant = standing.tenant.name.value_or("");
    all.key = standing.key.name.value_or("");
    all.jobs = jobs;
    tally_ = std::make_shared<dek::RewrapTally>();
    return dek::rewrap_deks(all, tally_);
  }
  take(run);
  run.so_far.rewrapped_to = standing.active->id.number;
  return std::nullopt;
}

// What was moved before the failure is in registry and log: what is left is found out anew.
bool RewrapStep::begins_again(const Error& error, KeyRun& run) {
  if (!is_out()) return false;
  take(run);
  if (!pkcs11::says_not_now(error) || std::exchange(began_again_, true)) return false;
  run.remarks.push_back(fmt::format(
      "the token failed while data keys were moved, and was tried once more: {}", error.message()));
  return true;
}

}  // namespace keyrite::rotation
