// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "imports/internal/wrapping_key_in_token.h"

#include "base/error.h"

namespace keyrite::imports {

using pkcs11::Attr;

void WrappingKeyInToken::put_trusted(pkcs11::Session& officer) {
  auto wanted = wrap::wrapping_key_template(key_);
  wanted.set<Attr::kToken>(false).set<Attr::kTrusted>(true);
  trusted_ = officer.create_object(wanted, "putting the wrapping key into the token as trusted");
}

wrap::WrappingKey WrappingKeyInToken::in(pkcs11::Session& session) {
  if (!trusted_) return {wrap::import_wrapping_key(session, key_), &key_};
  if (!session.exists(*trusted_) || session.read_bool(*trusted_, Attr::kTrusted) != true) {
    throw Error(Kind::kToken, "trusted-not-set",
                "the token stored the wrapping key for the security officer, but not as a "
                "trusted key (CKA_TRUSTED)",
                "trust the wrapping key with the tools of the token's vendor, or use a key that "
                "does not have CKA_WRAP_WITH_TRUSTED");
  }
  wrap::require_modulus(session, *trusted_, key_);
  return {*trusted_, &key_};
}

}  // namespace keyrite::imports
