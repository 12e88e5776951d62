#include "acts/resume.h"

#include <cstddef>
#include <memory>
#include <string>

#include "acts/internal/act_log.h"
#include "acts/internal/refusal_entry.h"
#include "acts/internal/site_login.h"
#include "acts/internal/unfinished_acts.h"
#include "acts/logged_refusal.h"
#include "acts/pins.h"
#include "acts/token_session.h"
#include "base/error.h"

namespace keyrite::acts {

namespace {

constexpr const char* kAct = "resume";

// Logged in; what is refused then is an entry.
std::unique_ptr<TokenSession> enter(const Context& context, Pins& pins, const std::string& run) {
  const std::size_t pins_from = pins.entries().size();
  try {
    auto token = std::make_unique<TokenSession>(load_module(context.token), context.token,
                                                pkcs11::Access::kReadOnly, pins);
    token->log_user_in();
    return token;
  } catch (const Error& error) {
    if (is_untruth(error)) {
      log_refusal(context, {.act = kAct, .run = run, .pins = &pins, .pins_from = pins_from}, error);
    }
    throw;
  }
}

}  // namespace

const std::vector<Field<ResumeRequest>>& ResumeRequest::table() {
  static const std::vector<Field<ResumeRequest>> fields{};
  return fields;
}

Json resume(const ResumeRequest& /*request*/, const Context& context) {
  if (!context.site) {
    throw Error(Kind::kUsage, "site-missing", "there is no site whose log could be looked at",
                "give --site, or set KEYRITE_SITE");
  }
  const Context once = saying_once(context);
  const std::string run = ActLog::new_run();
  // A log that cannot be written is told of before a PIN is asked for; nobody holds it meanwhile.
  { const ActLog opens(once, kAct, run); }
  Pins own(context.token.pin);
  Pins& pins = context.pins != nullptr ? *context.pins : own;
  const std::size_t pins_from = pins.entries().size();
  const auto token = enter(once, pins, run);
  ActLog log(once, kAct, run);
  log.tell_of(pins, pins_from);
  log.at_token(token->info(), token->module());
  sign_log_at(*token, log, context.site->site);
  Json settled = settle_unfinished(log, *token, context);
  log.sign();
  const auto head = log.writer().signed_head();
  token->close();
  return {{"settled", settled}, {"signed_entries", head.size}, {"root", to_hex(head.root)}};
}

}  // namespace keyrite::acts
