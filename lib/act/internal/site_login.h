// What acts at a site's token have in common around their login. One act, one thread.
#pragma once

#include "act/act_log.h"
#include "act/context.h"
#include "act/token_session.h"
#include "site/site.h"

namespace keyrite::act {

// The same, but a note that was told once is not told again: the log is opened before a login and
// after it.
[[nodiscard]] Context saying_once(const Context& given);

// Signs by the site's log key; `token` outlives it.
[[nodiscard]] ActLog::Sign log_signer(TokenSession& token, const site::Site& site);
// From here on `log` can be signed; `token` outlives it. Errors: those of ActLog::sign_with.
void sign_log_at(TokenSession& token, ActLog& log, const site::Site& site);

}  // namespace keyrite::act
