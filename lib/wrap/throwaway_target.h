// A key made only to be wrapped in a self-test: session objects, destroyed with this value. It can
// tell whether bytes opened outside the token are that very key, without ever reading the key from
// the token: a secret key by what it computes, a private key by its public half. One session, one
// thread.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/key_type.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

// What opened bytes turned out to be.
struct Comparison {
  bool same{false};
  bool padded_pkcs8{false};
  // False when this throw-away key could not have shown padding (its DER length is a multiple of 8
  // by chance).
  bool padding_decided{true};
  std::string detail{};  // when not the same
};

class ThrowawayTarget {
 public:
  // A key of `type` as a sensitive, extractable session object. Errors kToken as the token gives
  // them.
  ThrowawayTarget(pkcs11::Session& session, const KeyType& type);
  ThrowawayTarget(const ThrowawayTarget&) = delete;
  ThrowawayTarget& operator=(const ThrowawayTarget&) = delete;
  ~ThrowawayTarget() = default;

  [[nodiscard]] pkcs11::ObjectHandle handle() const { return key_->handle(); }
  [[nodiscard]] const KeyType& type() const { return type_; }
  // `opened`: what a correct wrap holds, the raw secret or the PKCS#8.
  [[nodiscard]] Comparison compare(ByteView opened) const;

 private:
  [[nodiscard]] Comparison compare_secret(ByteView opened) const;
  [[nodiscard]] Comparison compare_private(ByteView opened) const;
  pkcs11::Session* session_;
  KeyType type_;
  std::optional<SessionObject> key_{};
  std::optional<SessionObject> public_half_{};
};

}  // namespace keyrite::wrap
