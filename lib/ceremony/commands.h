// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the commands of keyrite ceremony answer that do not run one: the check of a file, a plan,
// the list of a site, and whether a log proves that a file was run. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "act/runner.h"
#include "audit/transcript_source.h"
#include "base/json.h"
#include "ceremony/model.h"
#include "ceremony/requests.h"

namespace keyrite::ceremony {

struct Told {
  Json document{};
  std::vector<std::string> text{};
  int code{0};
};

// Errors: those of ceremony_file.
[[nodiscard]] Told check_file(const CheckFileRequest& request);

// What can be known before: at the token each act's dry run, who must approve, what is bound later.
// What an act's dry run refuses is listed, and the code is that of Kind::kFailed. Where the token
// could not be asked, that is listed as such, and the code is that of the token's error. Errors:
// those of ceremony_file, Bindings, and of the token.
[[nodiscard]] Told plan_ceremony(const BeginRequest& request, const act::Context& context,
                                 act::Runner& runner);

// Writes the statement that officers sign. Errors: kWaiting "approval-needed" with what is to be
// done; those of Runner::run. Where the policy needs nobody, it says so.
[[nodiscard]] Told approve_ceremony(const BeginRequest& request, const act::Context& context,
                                    act::Runner& runner);

// The ceremonies of the site, from its log.
[[nodiscard]] Told list_ceremonies(const act::Context& context);

// Of a verified log; `progress` is told how far it is read. Code: 0, or that of Kind::kVerification
// where it differs. Errors: those of ceremony_file and audit; kVerification "ceremony-not-in-log"
// (it tells of no ceremony with this file); kUsage "ceremony-not-given" (it tells of several).
[[nodiscard]] Told verify_ceremony(const VerifyRequest& request,
                                   const audit::ReadProgress& progress = {});

}  // namespace keyrite::ceremony
