// Every key that a token shows, as it was read: for a comparison of the whole token with registry
// and log, and for a search that is to find nothing. A key is recognised by its CKA_ID, its label,
// its public half, and the check value that needs no usage right, so that a copy under another id
// is found too. Public attributes alone; nothing is changed. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/token_session.h"
#include "base/key_type.h"
#include "crypto/check_value.h"
#include "keys/read_back.h"
#include "pkcs11/attribute.h"

namespace keyrite::keys {

struct SurveyedKey {
  pkcs11::ObjectClass object_class{};
  std::string label{};
  Bytes id{};  // empty: it has none
  std::optional<KeyType> type{};
  std::optional<std::string> public_key_sha256{};  // of a public key's SPKI
  std::vector<crypto::CheckValue> check_values{};  // of a secret key
  NamedValues attributes{};                        // of a secret or private key
  // Why it cannot be recognised: its type is none of keyrite's, or the token does not compute a
  // check value of it. Empty otherwise.
  std::string unread{};
};

// Those of the classes secret, private and public key that are token objects, without the key that
// signs the site's log, whose CKA_ID is `log_key`. The user is logged in before and after: nobody
// else sees a private object. Errors kToken "log-key-not-seen": the search did not find that key
// either, so what else it did not find proves nothing; "login-lost"; those of the token.
[[nodiscard]] std::vector<SurveyedKey> survey_token(act::TokenSession& token, ByteView log_key);

}  // namespace keyrite::keys
