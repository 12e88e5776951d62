// An act on files alone: apart from the acts at a token, so that its tools are linked without
// PKCS#11.
#include "act/act_log.h"
#include "act/internal/unfinished_acts.h"
#include "act/logged_act.h"
#include "act/logged_step.h"

namespace keyrite::act {

void run_on_files(const Context& context, const Intent& intent, const FileWork& work) {
  if (!context.site) {
    (void)work();
    return;
  }
  ActLog log(context, intent.act);
  tell_unfinished(log, context);
  hold_signals(context);
  log.intend(intent, std::nullopt);
  const FileResult result = logged_step(log, work);
  if (result.refused) {
    log_failure(log, *result.refused, result.facts);
    return;
  }
  log_done(log, intent, result.facts, Signing::kLater);
}

}  // namespace keyrite::act
