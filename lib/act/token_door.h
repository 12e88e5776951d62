// The door to the token: the only part of a Runner that is linked with PKCS#11, so that a tool that
// works on files is linked without it. Keeps one login for all acts of its Runner. Owned by the
// Runner; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "act/context.h"
#include "act/intent.h"
#include "act/parts.h"
#include "act/registry_rows.h"
#include "act/resume.h"
#include "act/token_session.h"

namespace keyrite::act {

// What an act needs of the token before it works there.
struct TokenNeed {
  pkcs11::Access access{pkcs11::Access::kReadWrite};
  // What is done as security officer, after the intent is signed: the user out, the officer in, the
  // user in again. His PIN is tried before the intent, so that a wrong one costs no approval.
  TokenSession::OfficerWork officer{};
  // Told why when the token refuses the officer's login (it has none; a wrong PIN is an Error all
  // the same), and the user logs in alone. Unset: that is an Error too.
  std::function<void(const Error&)> officer_refused{};
  // The act works in parts (act/parts.h): nobody holds the log while it is at the token.
  bool in_parts{false};
};

// Does the act and returns what is logged of its result. `parts`: nullptr unless the act works in
// them and is logged.
using TokenWork = std::function<ToLog(TokenSession& token, Parts* parts)>;
// Shows a result that is logged and signed, by the index of its entry; nullopt where nothing is
// logged. The log stays locked until it returns.
using ShowLogged = std::function<void(std::optional<std::uint64_t> entry)>;

class TokenDoor {
 public:
  TokenDoor() = default;
  TokenDoor(const TokenDoor&) = delete;
  TokenDoor& operator=(const TokenDoor&) = delete;
  virtual ~TokenDoor() = default;
  // Gives the context what all acts at this door share, PINs and a memory of self-tests, where it
  // has none of its own. They live as long as the door. Called once, before anything else.
  virtual void equip(Context& context) = 0;
  // One act: the path of act/internal/logged_act.h. Errors: those of run_at_token.
  virtual void work(const Context& context, const Intent& intent, const TokenNeed& need,
                    const TokenWork& work, const ShowLogged& show) = 0;
  // The user logged in, in a session that makes no token object; nothing is logged. Errors: those
  // of TokenSession and require_log_key.
  virtual void look(const Context& context, const std::function<void(TokenSession&)>& work) = 0;
  // act/resume.h.
  virtual Outcome resume(const ResumeRequest& request, const Context& context,
                         const ShowResumed& show) = 0;
  // Ends login, session and module; what the module reports is a warning of the context. The next
  // act logs in anew.
  virtual void close(const Context& context) = 0;
};

// The door to the token that an act's Context names.
[[nodiscard]] std::unique_ptr<TokenDoor> open_token_door();

}  // namespace keyrite::act
