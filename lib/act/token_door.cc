#include "act/token_door.h"

#include <cstdint>
#include <optional>

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
  }
  std::optional<std::uint64_t> work(const Context& context, const Intent& intent,
                                    const TokenNeed& need, const TokenWork& work) override {
    return run_at_token(context, intent, need, work);
  }
  void look(const Context& context, const std::function<void(TokenSession&)>& work) override {
    TokenSession token(load_module(context.token), context.token, pkcs11::Access::kReadOnly,
                       *context.pins);
    token.log_user_in();
    if (context.site) require_log_key(token, context.site->site);
    work(token);
    token.close(context);
  }

 private:
  std::optional<Pins> pins_{};
  wrap::SelfTestMemory self_tests_{};
};

}  // namespace

std::unique_ptr<TokenDoor> open_token_door() { return std::make_unique<BoundTokenDoor>(); }

}  // namespace keyrite::act
