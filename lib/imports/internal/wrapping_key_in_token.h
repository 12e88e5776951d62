// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The wrapping key in the token: a session object, trusted by the officer where that was asked for.
// One session, one thread.
#pragma once

#include <optional>
#include <utility>

#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "wrap/execute.h"

namespace keyrite::imports {

class WrappingKeyInToken {
 public:
  explicit WrappingKeyInToken(crypto::PublicKey key) : key_(std::move(key)) {}

  // As security officer. Errors: those of Session::create_object.
  void put_trusted(pkcs11::Session& officer);
  // Refers to this. Errors kToken "trusted-not-set"; those of import_wrapping_key and
  // require_modulus.
  [[nodiscard]] wrap::WrappingKey in(pkcs11::Session& session);

 private:
  crypto::PublicKey key_;  // a copy: the work outlives the order that it was read from
  std::optional<pkcs11::ObjectHandle> trusted_{};
};

}  // namespace keyrite::imports
