#include "wrap/ephemeral_key.h"

#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;

// May wrap and nothing else: of a key whose other usages are not named, both test tokens say that
// it may decrypt what it wrapped.
pkcs11::Template ephemeral_template(Detail detail) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kWrap>(true);
  if (detail == Detail::kShort) return wanted;
  wanted.set<Attr::kUnwrap>(false)
      .set<Attr::kEncrypt>(false)
      .set<Attr::kDecrypt>(false)
      .set<Attr::kSign>(false)
      .set<Attr::kVerify>(false)
      .set<Attr::kDerive>(false);
  return wanted;
}

// The fullest template that the token takes.
template <class Make>
pkcs11::ObjectHandle make(const Make& make) {
  try {
    return make(ephemeral_template(Detail::kUsages));
  } catch (const Error& error) {
    if (!refuses_template(error)) throw;
  }
  return make(ephemeral_template(Detail::kShort));
}

}  // namespace

EphemeralKey EphemeralKey::generate(pkcs11::Session& session) {
  return {session, make([&](pkcs11::Template wanted) {
            wanted.set<Attr::kExtractable>(true).set<Attr::kValueLen>(32UL);
            return session.generate_key(pkcs11::Mechanism::aes_key_gen(), wanted,
                                        "making the ephemeral AES key");
          })};
}

EphemeralKey EphemeralKey::import(pkcs11::Session& session, const crypto::SecretBytes& value) {
  return {session, make([&](const pkcs11::Template& wanted) {
            return session.create_secret(wanted, value,
                                         "putting the ephemeral AES key into the token");
          })};
}

EphemeralKey::~EphemeralKey() {
  if (!alive_) return;
  try {
    session_->destroy_object(handle_, "removing the ephemeral AES key");
  } catch (const Error&) {
    // The error that brought us here is the one to report; closing the session removes its objects
    // (PKCS#11 "Session objects").
  }
}

void EphemeralKey::destroy() {
  constexpr const char* kCode = "ephemeral-not-destroyed";
  constexpr const char* kHint =
      "keyrite wrote nothing; close all sessions and report the token to its vendor";
  alive_ = false;
  try {
    session_->destroy_object(handle_, "removing the ephemeral AES key");
  } catch (const Error& error) {
    if (!error.ckr()) throw;
    throw Error(Kind::kToken, kCode, "the token did not remove the ephemeral AES key", kHint)
        .with_ckr(*error.ckr());
  }
  if (session_->exists(handle_)) {
    throw Error(
        Kind::kToken, kCode,
        "the token answered CKR_OK to C_DestroyObject but still holds the ephemeral AES key",
        kHint);
  }
}

}  // namespace keyrite::wrap
