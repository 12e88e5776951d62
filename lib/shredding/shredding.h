// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred: one tenant's keys, one key, or one version goes, as far as it can go now. It is frozen,
// then approved by the very list of what becomes unreadable, destroyed at this token, looked for by
// a fresh process, and only then called destroyed; what the registry keeps under it leaves the
// registry. What is to be done is found out anew from registry and log before each act, so a run
// that was killed, or a token that kept the key, is run again. A site whose tokens are the members
// of a cluster is shredded at each that is given. One Runner for all acts at one token; one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/context.h"
#include "base/error.h"
#include "base/json.h"
#include "shredding/requests.h"
#include "shredding/sites.h"

namespace keyrite::shredding {

class Shredding {
 public:
  // `members`: token URIs beside the site's. Errors: those of require_sense, Registry, scope_of.
  Shredding(ShredRequest request, act::Context context, SitesRequest sites = {},
            std::vector<std::string> members = {});
  ~Shredding();
  Shredding(const Shredding&) = delete;
  Shredding& operator=(const Shredding&) = delete;

  // The next act; nullopt: nothing more can be done, or a dry run. Errors: those of scope_of.
  [[nodiscard]] std::optional<act::Act> next();
  // At which token the act of the last next() is to be done: 0 is the site's own, then the members.
  [[nodiscard]] std::size_t place() const;
  // Whether the others go on: that member was not reached, and what it has is pending.
  [[nodiscard]] bool failed(const Error& error);

  // {state, versions: [...], ...}: "destroyed", "pending", "frozen", "thawed", "to-do".
  [[nodiscard]] Json document() const;
  [[nodiscard]] std::vector<std::string> text() const;
  // What this run did before an act failed: that versions are frozen now.
  [[nodiscard]] std::vector<std::string> text_beside_error() const;
  // 0, or that of Kind::kWaiting where a version is not destroyed after all that could be done.
  [[nodiscard]] int code() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::shredding
