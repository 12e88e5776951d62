// The door to the token: the only part of a Runner that is linked with PKCS#11, so that a tool that
// works on files is linked without it. Owned by whoever owns the Runner; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "act/context.h"
#include "act/intent.h"
#include "act/logged_act.h"
#include "act/token_session.h"

namespace keyrite::act {

class TokenDoor {
 public:
  TokenDoor() = default;
  TokenDoor(const TokenDoor&) = delete;
  TokenDoor& operator=(const TokenDoor&) = delete;
  virtual ~TokenDoor() = default;
  // Gives the context what all acts at this door share, PINs and a memory of self-tests, where it
  // has none of its own. They live as long as the door.
  virtual void equip(Context& context) = 0;
  // run_at_token.
  virtual std::optional<std::uint64_t> work(const Context& context, const Intent& intent,
                                            const TokenNeed& need, const TokenWork& work) = 0;
  // The user logged in, in a session that makes no token object; nothing is logged. Errors: those
  // of TokenSession.
  virtual void look(const Context& context, const std::function<void(TokenSession&)>& work) = 0;
};

// The door to the token that an act's Context names.
[[nodiscard]] std::unique_ptr<TokenDoor> open_token_door();

}  // namespace keyrite::act
