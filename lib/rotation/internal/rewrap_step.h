// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The data keys of one key move to its active version, as a step of a rotation: which act does it,
// what came of it, and whether it is begun once more after the token failed. One key; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "act/act.h"
#include "base/error.h"
#include "dek/rewrap.h"
#include "rotation/internal/key_run.h"

namespace keyrite::rotation {

class RewrapStep {
 public:
  // An act was given out, and what came of it was not taken yet.
  [[nodiscard]] bool is_out() const { return tally_ != nullptr; }
  // The act; nullopt where it was given out before: then `run` has what came of it.
  [[nodiscard]] std::optional<act::Act> next(KeyRun& run, std::optional<std::uint32_t> jobs);
  // The act that was given out has failed. True: the token gave no answer just now, or dropped its
  // session, for the first time; `run` says so, and the next act begins anew with what is left.
  [[nodiscard]] bool begins_again(const Error& error, KeyRun& run);

 private:
  void take(KeyRun& run);
  std::shared_ptr<dek::RewrapTally> tally_{};
  bool began_again_{false};
};

}  // namespace keyrite::rotation
