#include "acts/logged_act.h"

#include <memory>

#include <fmt/format.h>

#include "acts/internal/act_log.h"
#include "acts/internal/logged_step.h"
#include "acts/internal/unfinished_acts.h"
#include "acts/log_key.h"
#include "base/deferred_signals.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::acts {

namespace {

// Logs in as `need` says.
std::unique_ptr<TokenSession> open_token(const std::shared_ptr<pkcs11::Module>& module,
                                         const TokenBinding& given, const TokenNeed& need) {
  if (!need.officer_refused)
    return std::make_unique<TokenSession>(module, given, need.access, need.officer);
  bool user_asked = false;
  bool officer_done = false;
  TokenBinding binding = given;
  binding.pin = [&](const pkcs11::TokenInfo& token, pkcs11::UserType user) {
    user_asked = user_asked || user == pkcs11::UserType::kUser;
    return given.pin(token, user);
  };
  const TokenSession::OfficerWork officer = [&](pkcs11::Session& session) {
    need.officer(session);
    officer_done = true;
  };
  try {
    return std::make_unique<TokenSession>(module, binding, need.access, officer);
  } catch (const Error& error) {
    if (!error.ckr() || error.ckr()->function != "C_Login" || error.kind() == Kind::kPin ||
        user_asked || officer_done)
      throw;
    need.officer_refused(error);
  }
  return std::make_unique<TokenSession>(module, given, need.access);
}

// A login that tells the log whose PIN was asked for.
TokenBinding watched(const Context& context, ActLog& log) {
  TokenBinding binding = context.token;
  binding.pin = [pin = binding.pin, &log](const pkcs11::TokenInfo& token, pkcs11::UserType user) {
    auto given = pin(token, user);
    log.pin_asked(user);
    return given;
  };
  return binding;
}

void sign_log_at(TokenSession& token, ActLog& log, const site::Site& site) {
  log.sign_with([&token, key = site.log_key, id = from_hex(site.settings.log.key_id)](
                    std::string_view text) { return sign_note(token.session(), key, id, text); });
}

// A site's act at its token, from the approvals to the checkpoint.
class SiteAct {
 public:
  SiteAct(const Context& context, const Intent& intent)
      : context_(context), intent_(intent), log_(context, intent.act) {}

  void run(const TokenNeed& need, const TokenWork& work) {
    const auto module = load_module(context_.token);
    const auto found = pkcs11::find_token(module, pkcs11::TokenUri::parse(context_.token.uri));
    log_.at_token(found.info(), found.module_info());
    require_approvals();
    const auto token = logged_step(log_, [&] { return open(module, need); });
    log_.pins_accepted();
    sign_log_at(*token, log_, context_.site->site);
    (void)settle_unfinished(log_, *token, context_);
    // From here on a signal waits until the result is in the log.
    const DeferredSignals whole;
    if (!log_.intended()) log_.intend(intent_, approval_);
    if (intent_.irreversible) logged_step(log_, [&] { log_.sign(); });
    const Json facts = logged_step(log_, [&] { return work(*token); });
    log_done(log_, intent_, facts, Signing::kNow);
    token->close();
  }

 private:
  void require_approvals() {
    try {
      approval_ = require_approval(log_.gate_scene(intent_), intent_);
    } catch (const Error& error) {
      // A statement that was asked for is in the log already.
      if (error.code() != "approval-needed") log_failure(log_, error);
      throw;
    }
  }

  std::unique_ptr<TokenSession> open(const std::shared_ptr<pkcs11::Module>& module,
                                     const TokenNeed& need) {
    TokenNeed logged = need;
    if (need.officer) {
      logged.officer = [&](pkcs11::Session& session) {
        log_.intend(intent_, approval_);
        need.officer(session);
      };
    }
    return open_token(module, watched(context_, log_), logged);
  }

  const Context& context_;
  const Intent& intent_;
  ActLog log_;
  std::optional<Approval> approval_{};
};

}  // namespace

void run_at_token(const Context& context, const Intent& intent, const TokenNeed& need,
                  const TokenWork& work) {
  if (context.site) {
    SiteAct(context, intent).run(need, work);
    return;
  }
  const auto token = open_token(load_module(context.token), context.token, need);
  (void)work(*token);
  token->close();
}

}  // namespace keyrite::acts
