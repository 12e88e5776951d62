#include "act/public_half.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/ecdh.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "crypto/signature.h"
#include "pkcs11/ckr.h"
#include "wrap/session_object.h"

namespace keyrite::act {

namespace {

using pkcs11::Attr;
using pkcs11::Mechanism;

constexpr std::size_t kMessageBytes = 16;
constexpr std::string_view kTryingPrivateKey = "trying the private key";

struct SigningRow {
  Mechanism mechanism;
  crypto::SignatureScheme scheme{};
  Bytes input{};  // what the mechanism takes for the message
};

SigningRow row_for(KeyFamily family, const Bytes& message) {
  using crypto::SignatureScheme;
  const Bytes digest = crypto::sha256(message);
  if (family == KeyFamily::kRsa)
    return {Mechanism::rsa_pkcs(), SignatureScheme::kRsaPkcs1, crypto::sha256_digest_info(digest)};
  if (family == KeyFamily::kEd25519)
    return {Mechanism::eddsa(), SignatureScheme::kEd25519, message};
  return {Mechanism::ecdsa(), SignatureScheme::kEcdsa, digest};
}

pkcs11::Template derived_template(std::size_t bytes) {
  return pkcs11::Template{}
      .set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kGenericSecret)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kSign>(true)
      .set<Attr::kValueLen>(bytes);
}

bool decrypts_as(pkcs11::Session& session, pkcs11::ObjectHandle key,
                 const crypto::PublicKey& public_key) {
  const Bytes message = crypto::random_bytes(kMessageBytes);
  // The one hash of OAEP that every token has.
  const Bytes hidden = crypto::oaep_encrypt(public_key, Hash::kSha1, message);
  return session.decrypt(Mechanism::rsa_oaep(Hash::kSha1), key, hidden, kTryingPrivateKey) ==
         message;
}

// nullopt: nothing that the key may do shows it.
std::optional<bool> by_use(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                           const crypto::PublicKey& public_key) {
  const KeyFamily family = public_key.type().family;
  if (usage == KeyUsage::kSign)
    return signs_as(session, key, public_key, kTryingPrivateKey).has_value();
  if (usage == KeyUsage::kDerive && family == KeyFamily::kEc)
    return agrees_as(session, key, public_key, kTryingPrivateKey);
  if (usage == KeyUsage::kEncrypt && family == KeyFamily::kRsa)
    return decrypts_as(session, key, public_key);
  return std::nullopt;
}

bool has_modulus(const crypto::PublicKey& public_key, const Bytes& modulus) {
  const auto first = std::find_if(modulus.begin(), modulus.end(), [](auto b) { return b != 0; });
  return public_key.rsa_modulus() == Bytes(first, modulus.end());
}

// nullopt: nothing that the key may do shows it.
std::optional<bool> belongs(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                            const crypto::PublicKey& public_key) {
  const KeyFamily family = public_key.type().family;
  if (family == KeyFamily::kRsa) {
    if (auto modulus = session.read_bytes(key, Attr::kModulus); modulus && !modulus->empty()) {
      // Some tokens keep no exponent, or an empty one, with the private key.
      const Bytes exponent = session.read_bytes(key, Attr::kPublicExponent).value_or(Bytes{});
      if (exponent.empty()) {
        if (!has_modulus(public_key, *modulus)) return false;
        return by_use(session, key, usage, public_key);
      }
      return crypto::PublicKey::from_rsa(*modulus, exponent, "the private key") == public_key;
    }
  }
  return by_use(session, key, usage, public_key);
}

}  // namespace

bool proves_by_use(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                   const crypto::PublicKey& public_key) {
  try {
    return by_use(session, key, usage, public_key).value_or(false);
  } catch (const Error& error) {
    if (!pkcs11::says_no(error)) throw;
    return false;
  }
}

std::optional<Words> signs_as(pkcs11::Session& session, pkcs11::ObjectHandle key,
                              const crypto::PublicKey& public_key, std::string_view what) {
  const Bytes message = crypto::random_bytes(kMessageBytes);
  const SigningRow row = row_for(public_key.type().family, message);
  const Bytes signature = session.sign(row.mechanism, key, row.input, what);
  if (!crypto::verify_signature(public_key, row.scheme, crypto::Digest::kSha256, message,
                                signature)) {
    return std::nullopt;
  }
  return Words::of(row.mechanism);
}

bool agrees_as(pkcs11::Session& session, pkcs11::ObjectHandle key,
               const crypto::PublicKey& public_key, std::string_view what) {
  const auto outside = crypto::agree_with_throwaway(public_key);
  const wrap::SessionObject inside(
      session, session.derive_key(Mechanism::ecdh1_derive(outside.point), key,
                                  derived_template(outside.shared.size()), what));
  const Bytes message = crypto::random_bytes(kMessageBytes);
  return session.sign(Mechanism::hmac(crypto::Digest::kSha256), inside.handle(), message, what) ==
         crypto::hmac(crypto::Digest::kSha256, outside.shared, message);
}

void require_public_half(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                         const crypto::PublicKey& public_key, const std::string& name) {
  const auto same = belongs(session, key, usage, public_key);
  if (!same) {
    throw Error(Kind::kToken, "public-half-not-tried",
                fmt::format("\"{}\" may do nothing that shows which public key is its own",
                            printable(name)),
                "a key for the cloud needs the usage sign or derive; make it with generate-kek "
                "--for");
  }
  if (!*same) {
    throw Error(Kind::kToken, "public-half-differs",
                fmt::format("the public key beside \"{}\" is not its public half: somebody put "
                            "another key under the same CKA_ID",
                            printable(name)),
                "do not wrap this key; find out who wrote to the token, and make a new key");
  }
}

}  // namespace keyrite::act
