// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// rotate: each key goes as far as it can go now. The next version is made; where every destination
// has it, it becomes active and the one before is deactivated; data keys move to it. What is to be
// done is found out anew from the registry before each act (next_step.h), so a run that was killed
// is run again. A key that fails stops no other. One Runner for all acts; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/context.h"
#include "base/error.h"
#include "base/json.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

class Rotation {
 public:
  // Errors: those of require_sense, Registry and key_named.
  Rotation(RotateRequest request, act::Context context);
  ~Rotation();
  Rotation(const Rotation&) = delete;
  Rotation& operator=(const Rotation&) = delete;

  // The next act; nullopt: nothing can be done any more. With --status, and in a dry run, there is
  // none.
  [[nodiscard]] std::optional<act::Act> next();
  // The act that next() gave has failed: its key is left as it is. Whether another key is begun:
  // not after a refused PIN, and not when a person wants to stop.
  [[nodiscard]] bool failed(const Error& error);

  // {keys: [...], summary: {...}}
  [[nodiscard]] Json document() const;
  [[nodiscard]] std::vector<std::string> text() const;
  // 0; 7 where one waits longer than --stuck-after; the worst code of those that failed.
  [[nodiscard]] int code() const;
  // What was done all the same, and how else it failed.
  [[nodiscard]] std::vector<std::string> text_beside_error() const;
  // Of a command that names one key.
  [[nodiscard]] std::optional<Error> error() const;

  struct State;

 private:
  [[nodiscard]] std::optional<act::Act> next_of_key();
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::rotation
