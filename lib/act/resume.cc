#include "act/resume.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "act/act.h"
#include "act/act_log.h"
#include "act/internal/accepted_loss.h"
#include "act/internal/kept_login.h"
#include "act/internal/levelled.h"
#include "act/internal/resume_decisions.h"
#include "act/internal/resumed_outcome.h"
#include "act/internal/unfinished_acts.h"
#include "act/log_key.h"
#include "act/logged_refusal.h"
#include "act/pins.h"
#include "act/token_session.h"
#include "act/typed_text.h"
#include "base/error.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

constexpr const char* kAct = "resume";

// Logged in; what is refused then is an entry.
TokenSession& enter(KeptLogin& login, const Context& context, const std::string& run) {
  const std::size_t pins_from = context.pins->entries().size();
  try {
    return login.begin_act(context.token, pkcs11::Access::kReadOnly, [&](TokenSession& token) {
      token.log_user_in();
      require_log_key(token, context.site.value().site);
    });
  } catch (const Error& error) {
    if (is_refusal(error)) {
      log_refusal(context, {.act = kAct, .run = run, .pins = context.pins, .pins_from = pins_from},
                  error);
    }
    throw;
  }
}

std::optional<KeptText> kept_reason(const ResumeRequest& request, const SiteBinding& use) {
  if (!request.reason) return std::nullopt;
  return keep_text(use.site.path(site::kTextsName), *request.reason);
}

// Where nothing was to be decided, no entry names it.
void forget_unused(const KeptText& reason, const ActLog& log, bool clock_confirmed,
                   const Context& context) {
  const auto& recovery = log.writer().recovery();
  if (clock_confirmed || !recovery.accepted.empty() || recovery.dropped_bytes != 0 ||
      recovery.last_signed_restored)
    return;
  context.note("there was nothing to decide: keyrite did not keep --reason");
  (void)erase_text(context.site->site.path(site::kTextsName), reason.sha256());
}

}  // namespace

Outcome resume(KeptLogin& login, const ResumeRequest& request, const Context& context,
               const ShowResumed& show) {
  if (!context.site) {
    throw Error(Kind::kUsage, "site-not-given", "resume needs a site, and none is given",
                "give --site, or set KEYRITE_SITE");
  }
  const Context once = noting_once(context);
  const std::string run = ActLog::new_run();
  ResumeDecisions decisions(request, once);
  // A log that cannot be written is told of before a PIN is asked for; nobody holds it meanwhile.
  const auto lost = accepted_loss(request, context);
  // What is cut off, and what is said of a lost file, needs the token.
  if (!lost && !request.drop_unsigned) {
    const ActLog opens(once, kAct, run, decisions.opening());
    (void)decisions.clock(opens.history());
  }
  const std::size_t pins_from = context.pins->entries().size();
  TokenSession& token = enter(login, once, run);
  LogOpening opening = decisions.opening();
  opening.locked = [&context] { hold_signals(context); };
  opening.sign = log_signer(token, context.site->site);
  opening.lost = lost;
  opening.reason = kept_reason(request, *context.site);
  const auto reason = opening.reason;
  ActLog log(once, kAct, run, std::move(opening));
  log.log_pin_entries_of(*context.pins, pins_from);
  log.at_token(token.info(), token.module());
  sign_log_at(token, log, context.site->site);
  if (request.sign_unsigned && log.writer().recovery().accepted.empty())
    once.note("no entry needs a person's word: --sign-unsigned had nothing to do");
  const bool clock_confirmed = decisions.clock(log.history());
  if (clock_confirmed) log.confirm_clock();
  if (reason) forget_unused(*reason, log, clock_confirmed, once);
  const Levelled levelled = log.level_registry();
  tell_levelled(levelled, once);
  Json settled = settle_unfinished(log, token, context);
  log.sign();
  Outcome outcome = resumed_outcome(log, std::move(settled), levelled, clock_confirmed);
  show(outcome);
  return outcome;
}

}  // namespace keyrite::act
