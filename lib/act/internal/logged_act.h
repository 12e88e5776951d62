// The path of every act at a token: approvals, login, approvals again, intent in the transcript and
// signed, the act, its result in the transcript, a checkpoint, the result shown. The transcript is
// locked from after the login until the result was shown, never while a person is at a prompt; only
// a token's own PIN pad may ask an officer later. Where context.site is not set nothing is logged,
// and the act is done alone. What an earlier run left without a result is looked at first. One act,
// one thread.
#pragma once

#include "act/context.h"
#include "act/intent.h"
#include "act/internal/kept_login.h"
#include "act/token_door.h"

namespace keyrite::act {

// Logs in where `login` is not logged in yet, calls `work` when the act is approved and its intent
// is signed, and `show` when its result is. context.pins is set. Errors: those of `work`, whose
// result is logged before they are thrown on; of `show`; of require_approval (kWaiting,
// kVerification, kConfig), KeptLogin, LogWriter, require_log_key; those of read_site and
// kVerification "site-changed" when the site is not what it was before the login; kUnknownOutcome
// "result-not-logged" when the act was done and that could not be logged.
void run_at_token(KeptLogin& login, const Context& context, const Intent& intent,
                  const TokenNeed& need, const TokenWork& work, const ShowLogged& show);

}  // namespace keyrite::act
