// token-check: tries what a token really does and says for each row: works, refused (with the CKR),
// or lies (it said CKR_OK and the result is wrong). Everything made is a session object and is
// removed; the token is left as it was. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/request.h"
#include "acts/token_session.h"
#include "wrap/recipe.h"

namespace keyrite::acts {

struct TokenCheckRequest {
  bool trusted{false};  // also try CKA_TRUSTED, which needs the security officer
  [[nodiscard]] static const std::vector<Field<TokenCheckRequest>>& table();
};

struct TokenCheckRow {
  std::string group{};  // "make", "wrap under RSA", ...
  std::string what{};   // "aes-256"
  wrap::Outcome outcome{};
  std::string detail{};
  std::optional<CkrAnswer> ckr{};
};

struct TokenCheckReport {
  pkcs11::TokenInfo token{};
  pkcs11::ModuleInfo module{};
  std::vector<TokenCheckRow> rows{};
  std::size_t objects_before{};
  std::size_t objects_after{};
  [[nodiscard]] Json to_json() const;
};

// Errors: those of TokenSession; kToken "token-changed" when the token holds another number of
// objects afterwards.
[[nodiscard]] TokenCheckReport check_token(const TokenCheckRequest& request,
                                           const Context& context);

}  // namespace keyrite::acts
