// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The parts of an act in a site's log: each opens the log for itself, waits for whoever writes it,
// and is signed by the first part that comes some seconds after the last signature. Borrows the
// token's session, in which the log is signed. One act; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "act/context.h"
#include "act/internal/under_way.h"
#include "act/parts.h"
#include "act/token_session.h"

namespace keyrite::act {

// Error kVerification "site-changed": the site is not as it was read.
void require_same_site(const site::Site& known);

class SiteParts final : public Parts {
 public:
  // From here on nobody settles the run. Error kFailed "file-unwritable".
  SiteParts(TokenSession& token, const Context& context, std::string act, std::string run);
  std::uint64_t write(const LogFacts& facts, const RegistryRows& rows) override;

 private:
  TokenSession& token_;
  const Context& context_;
  std::string act_;
  std::string run_;
  HeldFile under_way_;
  std::uint64_t written_{0};
  std::chrono::steady_clock::time_point signed_at_{std::chrono::steady_clock::now()};
};

}  // namespace keyrite::act
