// token-check: tries what a token really does and says for each row: works, refused (with the CKR),
// lies (it said CKR_OK and the result is wrong), undecided (it gave no reason, twice), or not
// tried. An outage of the token is not a row: the check stops. token-check makes only session
// objects and removes them; it leaves the token as it was. One session, one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/intent.h"
#include "act/log_facts.h"
#include "act/request.h"
#include "act/token_door.h"
#include "act/token_session.h"
#include "keys/cloud_ability.h"
#include "wrap/recipe.h"

namespace keyrite::act {
struct Act;
}  // namespace keyrite::act

namespace keyrite::token_check {

struct TokenCheckRequest {
  // Also try CKA_TRUSTED, which needs the security officer, and in a site whatever approvals its
  // policy demands for "trust-wrapping-key".
  bool trusted{false};
  // Only what it can wrap for these clouds ("aws,google"), and no other row.
  std::optional<std::string> for_clouds{};
  std::optional<std::string> type{};  // what it can wrap for a cloud: of this key type alone
  [[nodiscard]] static const std::vector<act::Field<TokenCheckRequest>>& table();
};

struct TokenCheckRow {
  act::Literal group{};                    // "make", "wrap", ...
  act::Words what{};                       // "aes-256"
  std::optional<wrap::Outcome> outcome{};  // nullopt: not tried
  std::string detail{};                    // for people
  act::Words how{};                        // the same for the log, where it is our own word
  std::optional<CkrAnswer> ckr{};
  std::string call{};  // that gave `ckr`: "C_EncryptInit (CKM_AES_ECB)"
};

// What a check is asked for: rows, or only what the token can wrap for clouds.
struct Scope {
  bool rows{true};
  std::vector<provider::Provider> clouds{};
  std::optional<KeyType> type{};  // nullopt: each
};
// Errors kUsage "provider-unknown", "key-type-unknown"; "trusted-with-for" for --trusted with
// --for, which tries no rows.
[[nodiscard]] Scope scope_of(const TokenCheckRequest& request);

// What the token can wrap for one cloud.
struct CloudFinding {
  provider::Provider provider{};
  std::vector<keys::CloudAbility> abilities{};
};

// "works", "refused", "lies", "undecided", "not tried".
[[nodiscard]] std::string_view finding_name(const TokenCheckRow& row);

struct TokenCheckReport {
  pkcs11::TokenInfo token{};
  pkcs11::ModuleInfo module{};
  std::vector<TokenCheckRow> rows{};
  std::vector<CloudFinding> clouds{};
  std::size_t objects_before{};
  std::size_t objects_after{};
  [[nodiscard]] Json to_json() const;
  // What a transcript records: the rows, and of each cloud whether. The entry itself has token and
  // module.
  [[nodiscard]] act::LogFacts log_facts() const;
};

// What a transcript records before, and what policy asks approvals for.
[[nodiscard]] act::Intent intent_of(const TokenCheckRequest& request);

// On a session that is open already; `trusted` is the row of the security officer. A token that
// drops the session is connected again once, and all rows are tried anew. Errors: kToken
// "token-changed" when the token holds other objects afterwards than before (compared by class,
// label, id and CKA_TOKEN), with the CKR of the removal that failed; "not-found-out" of
// pkcs11::find_out.
[[nodiscard]] TokenCheckReport check_token(act::TokenSession& token, const TokenCheckRow& trusted,
                                           const std::function<void(const std::string&)>& note = {},
                                           const Scope& scope = {});

// For people: of each cloud a verdict, and what to ask it for. No line is wider than kColumns.
[[nodiscard]] std::vector<std::string> text_of(const std::vector<CloudFinding>& clouds);

// The row of CKA_TRUSTED as long as the officer did not try it, and what the officer does for it:
// `trusted` becomes what was found, and outlives the act. A token without a security officer gets a
// row that says so; a PIN that is wrong or locked is an Error.
[[nodiscard]] TokenCheckRow trusted_row();
[[nodiscard]] act::TokenNeed trusting_need(TokenCheckRow& trusted);

// All of it as an act: act/act.h.
[[nodiscard]] act::Act token_check(const TokenCheckRequest& request);

}  // namespace keyrite::token_check
