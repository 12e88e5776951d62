// An act on files alone: apart from the acts at a token, so that its tools are linked without
// PKCS#11.
#include "acts/internal/act_log.h"
#include "acts/internal/logged_step.h"
#include "acts/internal/unfinished_acts.h"
#include "acts/logged_act.h"

namespace keyrite::acts {

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

}  // namespace keyrite::acts
