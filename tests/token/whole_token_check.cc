// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "token/whole_token_check.h"

#include "act/act.h"
#include "act/runner.h"
#include "act/token_door.h"
#include "approval/operation.h"
#include "token/import_fixture.h"

namespace keyrite::test {

token_check::TokenCheckReport check_whole(const TestToken& token,
                                          const token_check::TokenCheckRequest& request) {
  token_check::TokenCheckReport report;
  token_check::TokenCheckRow officer = token_check::trusted_row();
  act::PreparedAct prepared{.intent = token_check::intent_of(request)};
  if (request.trusted) prepared.need = token_check::trusting_need(officer);
  prepared.perform = [&](act::AtWork& at) {
    report = token_check::check_token(at.token(), officer);
    return act::Outcome{};
  };
  const act::Act act{.operation = approval::operation_named("token-check"),
                     .prepare = [&](const act::Context& /*context*/) { return prepared; }};
  act::Runner runner(context_for(token), act::open_token_door());
  (void)runner.run(act, [](const act::Outcome& /*outcome*/) {});
  return report;
}

}  // namespace keyrite::test
