#include "act/known_key.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/wrapping.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/ckr.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"

namespace keyrite::act {

namespace {

using pkcs11::Attr;

constexpr unsigned kHostKeyBits = 2048;

}  // namespace

KnownKey::KnownKey(pkcs11::Session& session, const KeyType& type) : session_(session), type_(type) {
  try {
    put_in();
  } catch (const Error& error) {
    if (!pkcs11::says_no(error)) throw;
    why_not_ = fmt::format("no throw-away key of a known value: {}", error.message());
    make_inside();
  }
}

void KnownKey::put_in() {
  const bool aes = type_.family == KeyFamily::kAes;
  value_ = crypto::random_bytes(type_.secret_bytes());
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(aes ? pkcs11::KeyKind::kAes : pkcs11::KeyKind::kGenericSecret)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kEncrypt>(aes)
      .set<Attr::kSign>(!aes);
  key_.emplace(session_, session_.create_secret(wanted, crypto::SecretBytes(value_),
                                                "putting in a throw-away key"));
}

void KnownKey::make_inside() {
  const auto rsa = crypto::ThrowawayRsa::make(kHostKeyBits);
  try {
    const wrap::SessionObject wrapping(session_,
                                       wrap::import_wrapping_key(session_, rsa.public_key()));
    key_.emplace(session_, session_.generate_key(wrap::generation_mechanism(type_),
                                                 wrap::throwaway_templates(type_).key,
                                                 "making a throw-away key"));
    for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
      try {
        const Bytes blob =
            session_.wrap_key(pkcs11::Mechanism::rsa_oaep(hash), wrapping.handle(), key_->handle(),
                              "wrapping a throw-away key for the host");
        auto opened = rsa.oaep_decrypt(hash, hash, blob);
        if (!opened || opened->size() != type_.secret_bytes()) continue;
        value_ = *std::move(opened);
        return;
      } catch (const Error& error) {
        if (!pkcs11::says_no(error)) throw;
      }
    }
  } catch (const Error& error) {
    if (!pkcs11::says_no(error)) throw;
  }
  key_.reset();
}

}  // namespace keyrite::act
