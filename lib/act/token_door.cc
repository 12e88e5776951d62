#include "act/token_door.h"

#include <optional>

#include "act/act.h"
#include "act/internal/kept_login.h"
#include "act/internal/logged_act.h"
#include "act/log_key.h"
#include "act/pins.h"
#include "wrap/self_test.h"

namespace keyrite::act {

namespace {

class BoundTokenDoor final : public TokenDoor {
 public:
  void equip(Context& context) override {
    if (context.pins == nullptr) context.pins = &pins_.emplace(context.token.pin);
    if (context.self_tests == nullptr) context.self_tests = &self_tests_;
    login_.emplace(*context.pins);
  }
  void work(const Context& context, const Intent& intent, const TokenNeed& need,
            const TokenWork& work, const ShowLogged& show) override {
    run_at_token(login_.value(), context, intent, need, work, show);
  }
  void look(const Context& context, const std::function<void(TokenSession&)>& work) override {
    TokenSession& token =
        login_.value().begin_act(context.token, pkcs11::Access::kReadOnly,
                                 [](TokenSession& session) { session.log_user_in(); });
    if (context.site) require_log_key(token, context.site->site);
    work(token);
    token.close_pool();
  }
  Outcome resume(const ResumeRequest& request, const Context& context,
                 const ShowResumed& show) override {
    return act::resume(login_.value(), request, context, show);
  }
  void close(const Context& context) override { login_.value().close(context); }

 private:
  std::optional<Pins> pins_{};
  wrap::SelfTestMemory self_tests_{};
  std::optional<KeptLogin> login_{};
};

}  // namespace

std::unique_ptr<TokenDoor> open_token_door() { return std::make_unique<BoundTokenDoor>(); }

// Here, so that acts on files are linked without PKCS#11.
pkcs11::SessionPool& AtWork::pool(std::size_t sessions) const { return token().pool(sessions); }

}  // namespace keyrite::act
