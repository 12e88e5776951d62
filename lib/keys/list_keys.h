// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// keyrite list: the keys that a token shows, and whether this site's log has their making. Reads
// public attributes alone, uses no key, and changes and logs nothing. One session, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "keys/read_back.h"
#include "pkcs11/session.h"

namespace keyrite::keys {

struct ListTokenRequest {
  [[nodiscard]] static const std::vector<act::Field<ListTokenRequest>>& table();
};

// What the log has of the making of a key. Anybody with the PIN can give a key any label and id.
enum class MadeHere {
  kSameKey,     // an entry made a key with this id, type and public half in this token
  kSameId,      // the same of a secret key, which shows nothing by which it could be compared
  kNo,          // no entry made a key with this id, or the entry is of another key
  kLogKey,      // it signs this site's log
  kCannotTell,  // there is no site, or the key has no id
};
[[nodiscard]] std::string_view word(MadeHere made);  // "logged", "logged-id", "no", ...

struct ListedKey {
  std::string label{};
  Bytes id{};          // empty: it has none
  std::string type{};  // "aes-256"; of a type that keyrite does not know why it is not read
  bool known_type{false};
  std::string_view kind{};                // "secret", "private", "public"
  std::vector<std::string_view> usage{};  // "encrypt", "wrap", ...
  std::optional<bool> extractable{};      // nullopt: the token does not say; a public key
  std::optional<std::string> public_key_sha256{};
  MadeHere made{MadeHere::kCannotTell};
  std::optional<std::uint64_t> entry{};  // of kSameKey and kSameId
};

// Secret and private keys, and public keys without a private one; by label. Errors: those of the
// token, and of transcript::verify where there is a site.
[[nodiscard]] std::vector<ListedKey> listed_keys(act::TokenSession& token,
                                                 const act::Context& context);
// All of it for people and programs.
[[nodiscard]] act::Outcome list_token(act::AtWork& at);

}  // namespace keyrite::keys
