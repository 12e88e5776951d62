// Data keys under an AES KEK of the token: made, wrapped, opened, moved to another KEK. All of them
// are session objects that are destroyed at once; the KEKs are token objects, which a read-only
// session cannot harm. How they are wrapped was proven first (wrap/data_key_wrap.h). A record that
// does not open is told apart from a token that is ill by a canary: what the KEK opened before. One
// session, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"
#include "pkcs11/template.h"
#include "wrap/data_key_wrap.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

// A KEK in the token; `name` is how errors call it.
struct Kek {
  pkcs11::ObjectHandle handle{};
  std::string name{};
};

struct WrappedKey {
  KeyWrap wrap{};
  Bytes content{};
};

// As the object of which type a data key is opened: AES where it is to be used in the token.
enum class OpenedAs { kAes, kSecret };
// SENSITIVE, or readable to be given out.
enum class OpenedFor { kToken, kCaller };

// Of a data key as a session object that may leave the token wrapped.
[[nodiscard]] const pkcs11::Template& data_key_template(OpenedAs as, OpenedFor whom);

// A new AES key of 16, 24 or 32 bytes, made in the token and known to nobody. Errors kToken with
// the CKR; "data-key-not-wrapped"; "wrap-size" when the wrap has another length than it must have.
[[nodiscard]] WrappedKey make_data_key(pkcs11::Session& session, const DataKeyWrap& proven,
                                       const Kek& kek, std::size_t bytes);
// Of a key that the host has: put into the token as a session object, where the token takes one.
// Errors as make_data_key.
[[nodiscard]] WrappedKey wrap_data_key(pkcs11::Session& session, const DataKeyWrap& proven,
                                       const Kek& kek, const crypto::SecretBytes& value);
// The same by the wrap that somebody else is going to do too. Error kToken "data-key-not-wrapped":
// the token does not do it.
[[nodiscard]] WrappedKey wrap_data_key(pkcs11::Session& session, const DataKeyWrap& proven,
                                       const Kek& kek, const crypto::SecretBytes& value,
                                       KeyWrap wrap);

// Of a key of so many bytes that is in the token. Errors as make_data_key.
[[nodiscard]] WrappedKey wrap_session_key(pkcs11::Session& session, const DataKeyWrap& proven,
                                          const Kek& kek, pkcs11::ObjectHandle key,
                                          std::size_t bytes);

// The handle of a new session object. Errors kToken with the CKR, "data-key-not-unwrapped".
[[nodiscard]] pkcs11::ObjectHandle unwrap_data_key(pkcs11::Session& session,
                                                   const DataKeyWrap& proven, const Kek& kek,
                                                   const WrappedKey& record, OpenedAs as,
                                                   OpenedFor whom);

// What a KEK wrapped when it was activated, and how the key that comes out is known again: the
// SHA-256 (hex) of what it encrypts.
struct KekCanary {
  WrappedKey wrapped{};
  std::string answer_sha256{};
};
// Of a new key that nobody keeps. It is opened again before it is returned. Errors as
// make_data_key; kToken "canary-differs".
[[nodiscard]] KekCanary make_canary(pkcs11::Session& session, const DataKeyWrap& proven,
                                    const Kek& kek);
// Under the public half of an RSA KEK, made on the host for this run. Error kToken
// "data-key-not-unwrapped": the KEK was found to open nothing.
[[nodiscard]] KekCanary outside_canary(const DataKeyWrap& proven,
                                       const crypto::PublicKey& public_key);
// Errors kVerification "canary-differs": the KEK opens it to another key; "canary-closed": it does
// not open it. Those of a token that is not well.
void require_canary(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                    const KekCanary& canary);

// After unwrap_data_key failed with `error`: Error kVerification "data-key-record-bad" when the
// canary opens directly afterwards; kToken "token-ill" when it does not, so that nothing is said of
// the record.
[[nodiscard]] Error judged(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                           const KekCanary& canary, const Error& error);

// A record under another KEK, or why it was not moved.
struct Rewrapped {
  WrappedKey record{};
  std::optional<Error> refused{};
};
// The same keys under another KEK. What comes out is opened under the new one and wrapped under the
// old one, and must be the record's bytes: both wraps are deterministic, so equality proves the
// key. The wrap stays what it is, KWP or KW. All that is done under one KEK is done together, since
// one token in the field takes 7 ms to change it; so as many session objects live at once as there
// are records. One that does not open is judged by `canary` of `from`. Errors: those of judged()
// that say nothing of a record; kToken with the CKR, "data-key-not-wrapped",
// "data-key-not-unwrapped", "rewrap-differs".
[[nodiscard]] std::vector<Rewrapped> rewrap_data_keys(pkcs11::Session& session,
                                                      const DataKeyWrap& proven, const Kek& from,
                                                      const KekCanary& canary, const Kek& to,
                                                      const std::vector<WrappedKey>& records);

}  // namespace keyrite::wrap
