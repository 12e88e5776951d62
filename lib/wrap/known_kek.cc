#include <array>

#include "crypto/random.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/ckr.h"
#include "wrap/execute.h"
#include "wrap/internal/known_kek.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap::internal {

namespace {

using pkcs11::Attr;

constexpr std::string_view kMakingKek = "making a throw-away KEK";
constexpr unsigned kOuterBits = 2048;

pkcs11::Template kek_template(bool full) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kWrap>(true)
      .set<Attr::kUnwrap>(true);
  if (!full) return wanted;
  return wanted.set<Attr::kEncrypt>(false)
      .set<Attr::kDecrypt>(false)
      .set<Attr::kSign>(false)
      .set<Attr::kVerify>(false)
      .set<Attr::kDerive>(false);
}

// By the fuller template that the token takes; nullopt: it takes neither.
template <class Make>
std::optional<pkcs11::ObjectHandle> made_by(const Make& make) {
  for (const bool full : {true, false}) {
    try {
      return make(kek_template(full));
    } catch (const Error& error) {
      if (!refuses_template(error) && !pkcs11::says_no(error)) throw;
    }
  }
  return std::nullopt;
}

std::optional<Bytes> taken_out(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  const auto rsa = crypto::ThrowawayRsa::make(kOuterBits);
  const SessionObject wrapping_key(session, import_wrapping_key(session, rsa.public_key()));
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    try {
      const Bytes blob = session.wrap_key(pkcs11::Mechanism::rsa_oaep(hash), wrapping_key.handle(),
                                          key, kMakingKek);
      for (const Hash mgf : {Hash::kSha256, Hash::kSha1}) {
        if (auto value = rsa.oaep_decrypt(hash, mgf, blob)) return value;
      }
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
    }
  }
  return std::nullopt;
}

}  // namespace

KnownKek::KnownKek(pkcs11::Session& session, unsigned bits)
    : value_(crypto::random_bytes(bits / 8)) {
  const auto put = made_by([&](const pkcs11::Template& wanted) {
    return session.create_secret(wanted, crypto::SecretBytes(value_), kMakingKek);
  });
  if (put) {
    key_.emplace(session, *put);
    return;
  }
  const auto generated = made_by([&](pkcs11::Template wanted) {
    wanted.set<Attr::kExtractable>(true).set<Attr::kValueLen>(bits / 8);
    return session.generate_key(pkcs11::Mechanism::aes_key_gen(), wanted, kMakingKek);
  });
  if (generated) {
    key_.emplace(session, *generated);
    if (auto value = taken_out(session, *generated)) {
      value_ = *std::move(value);
      return;
    }
  }
  throw Error(Kind::kToken, "no-known-kek",
              "the token holds no throw-away AES key whose value is known outside, so that how it "
              "wraps data keys cannot be tried",
              "token-check shows what this token refuses");
}

}  // namespace keyrite::wrap::internal
