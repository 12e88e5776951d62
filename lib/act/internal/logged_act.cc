#include "act/internal/logged_act.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "act/act_log.h"
#include "act/awaits_approval.h"
#include "act/internal/site_parts.h"
#include "act/internal/unfinished_acts.h"
#include "act/log_key.h"
#include "act/logged_refusal.h"
#include "act/logged_step.h"
#include "act/pins.h"
#include "base/error.h"
#include "pkcs11/ckr.h"

namespace keyrite::act {

namespace {

// Does `work` as officer. False when the token has no officer and need.officer_refused was told.
bool do_as_officer(TokenSession& token, const TokenNeed& need,
                   const TokenSession::OfficerWork& work) {
  bool officer_in = false;
  try {
    token.as_officer([&](pkcs11::Session& session) {
      officer_in = true;
      work(session);
    });
    return true;
  } catch (const Error& error) {
    // An outage says nothing of whether the token has an officer.
    if (officer_in || !need.officer_refused || error.kind() == Kind::kPin ||
        !pkcs11::says_no(error) || error.ckr()->function != "C_Login")
      throw;
    need.officer_refused(error);
    return false;
  }
}

// A site's act at its token, from the approvals to the checkpoint. Nobody holds the log while a
// person is at a prompt: gate, login, log, and the gate again, since everything may have changed
// meanwhile. The intent is signed before anything is done at the token.
class SiteAct {
 public:
  SiteAct(KeptLogin& login, const Context& context, const Intent& intent)
      : login_(login),
        given_(context),
        context_(noting_once(context)),
        intent_(intent),
        pins_(*context.pins),
        pins_from_(pins_.entries().size()) {}

  void run(const TokenNeed& need, const TokenWork& work, const ShowLogged& show) {
    TokenSession& token = enter(need);
    auto log = opened(token);
    // Before anything is signed: what another token's key vouches for is none of this log's.
    logged_step(*log, [&] {
      require_same_site(site());
      require_log_key(token, site());
    });
    sign_log_at(token, *log, site());
    const auto approval = gate(*log);
    (void)settle_unfinished(*log, token, given_);
    hold_signals(given_);
    if (need.in_parts) parts_.emplace(token, context_, intent_.act, run_);
    log->intend(intent_, approval);
    const ToLog result = perform(log, token, need, work);
    // `log` stays locked until the result was shown: nobody writes in between.
    show(log_done(*log, intent_, result, Signing::kNow));
  }

 private:
  [[nodiscard]] const site::Site& site() const { return context_.site.value().site; }

  // Approved as far as can be known before a login, and logged in.
  TokenSession& enter(const TokenNeed& need) {
    with_refusals_logged(context_, intent_.act, [&] { login_.load(context_.token); });
    const auto found = login_.identity(context_.token);
    {
      ActLog log(context_, intent_.act, run_);
      log.at_token(found.token, found.module);
      (void)gate(log);
    }
    try {
      return login_.begin_act(context_.token, need.access, [&](TokenSession& token) {
        try_officer(token, need);
        token.log_user_in();
      });
    } catch (...) {
      const Error error = caught();
      if (error.kind() != Kind::kUsage) {
        log_refusal(context_,
                    {.act = intent_.act,
                     .run = run_,
                     .pins = &pins_,
                     .pins_from = pins_from_,
                     .token = &found.token,
                     .module = &found.module},
                    error);
      }
      throw Error(error);
    }
  }

  // The officer in and out again, so that a wrong PIN of his costs no approval: it would be known
  // after the intent only. At a PIN pad he would have to come twice for that.
  void try_officer(TokenSession& token, const TokenNeed& need) {
    officer_works_ = static_cast<bool>(need.officer);
    if (!officer_works_ || token.info().flags.protected_authentication_path) return;
    officer_works_ = do_as_officer(token, need, [](pkcs11::Session& /*officer*/) {});
  }

  std::optional<Approval> gate(ActLog& log) {
    try {
      return require_approval(log.approval_context(intent_), intent_);
    } catch (const AwaitsApproval& waits) {
      // A statement that was asked for is in the log already.
      if (waits.code() != "approval-needed") log_failure(log, waits);
      throw;
    } catch (...) {
      const Error error = caught();
      log_failure(log, error);
      throw Error(error);
    }
  }

  [[nodiscard]] std::unique_ptr<ActLog> opened(TokenSession& token) const {
    auto log = std::make_unique<ActLog>(context_, intent_.act, run_);
    log->log_pin_entries_of(pins_, pins_from_);
    log->at_token(token.info(), token.module());
    return log;
  }

  // The same act's, after its parts.
  [[nodiscard]] std::unique_ptr<ActLog> opened_again(TokenSession& token) const {
    auto log = opened(token);
    require_same_site(site());
    log->go_on();
    sign_log_at(token, *log, site());
    return log;
  }

  // From the intent's signature to what came of the work. Of an act in parts `log` is another one
  // afterwards: nobody holds the log meanwhile.
  ToLog perform(std::unique_ptr<ActLog>& log, TokenSession& token, const TokenNeed& need,
                const TokenWork& work) {
    try {
      log->sign();
      if (officer_works_) {
        (void)do_as_officer(token, need, need.officer);
        token.log_user_in();
      }
      if (parts_) log.reset();
      ToLog result = work(token, parts_ ? &*parts_ : nullptr);
      token.close_pool();
      if (parts_) log = opened_again(token);
      return result;
    } catch (...) {
      const Error error = caught();
      token.close_pool();
      failed(log, token, error);
      throw Error(error);
    }
  }

  void failed(std::unique_ptr<ActLog>& log, TokenSession& token, const Error& error) const {
    try {
      if (!log) log = opened_again(token);
    } catch (const Error& second) {
      // The log has an end of it, by another act.
      if (second.code() == "act-settled") return;
      throw unlogged_result(error, second);
    }
    log_failure(*log, error);
    log->sign_what_failed();
  }

  KeptLogin& login_;
  const Context& given_;
  Context context_;
  const Intent& intent_;
  Pins& pins_;
  std::size_t pins_from_;
  std::string run_{ActLog::new_run()};
  bool officer_works_{false};
  std::optional<SiteParts> parts_{};
};

}  // namespace

void run_at_token(KeptLogin& login, const Context& context, const Intent& intent,
                  const TokenNeed& need, const TokenWork& work, const ShowLogged& show) {
  if (context.site) {
    SiteAct(login, context, intent).run(need, work, show);
    return;
  }
  TokenSession& token = login.begin_act(context.token, need.access, [&](TokenSession& session) {
    if (need.officer) (void)do_as_officer(session, need, need.officer);
    session.log_user_in();
  });
  hold_signals(context);
  (void)work(token, nullptr);
  token.close_pool();
  show(std::nullopt);
}

}  // namespace keyrite::act
