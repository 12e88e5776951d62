// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a rehearsal has in the place of the world outside: import parameters under a wrapping key
// that protects nothing, values for inputs that nobody bound, and the tenants and keys that the
// file's [[rehearsal]] acts make. What only a cloud could answer is left out, and the log says so.
// Writes files; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "act/runner.h"
#include "ceremony/bindings.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

struct RehearseRequest {
  std::string file{};
  std::string out{};
  std::vector<std::string> bind{};
  std::optional<std::string> module{};
  [[nodiscard]] static const std::vector<act::Field<RehearseRequest>>& table();
};

// Bindings for all inputs that are not bound and that a rehearsal can have: texts, outputs in
// `folder`, and import parameters, whose files are written there. Error kFailed "file-unwritable".
[[nodiscard]] Bindings rehearsed_bindings(const Ceremony& ceremony, const Bindings& given,
                                          const std::string& folder, TimePoint now);

// The file's [[rehearsal]] acts, in the site of the context. Errors: those of the acts.
void set_up(const Ceremony& ceremony, const Bindings& bindings, const act::Context& context,
            act::Runner& runner);

}  // namespace keyrite::ceremony
