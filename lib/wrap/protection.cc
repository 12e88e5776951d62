#include "wrap/protection.h"

#include <optional>

#include "base/error.h"
#include "crypto/throwaway_rsa.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

namespace {

constexpr unsigned kWrappingKeyBits = 2048;

// Does this token wrap an AES key with these traits under an RSA key, with either hash? A key that
// cannot even be made is no answer.
std::optional<bool> wraps(pkcs11::Session& session, pkcs11::ObjectHandle wrapping_key,
                          const KeyTraits& traits) {
  const KeyType aes{.family = KeyFamily::kAes, .size = 256};
  try {
    const SessionObject key(session,
                            session.generate_key(generation_mechanism(aes),
                                                 key_templates(aes, traits, Detail::kShort).key,
                                                 "making a throw-away key"));
    for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
      try {
        (void)session.wrap_key(pkcs11::Mechanism::rsa_oaep(hash), wrapping_key, key.handle(),
                               "trying a protection");
        return true;
      } catch (const Error& error) {
        if (!error.ckr()) throw;
      }
    }
    return false;
  } catch (const Error& error) {
    if (!error.ckr()) throw;
    return std::nullopt;
  }
}

Enforcement compare(pkcs11::Session& session, const KeyTraits& protected_traits) {
  const auto rsa = crypto::ThrowawayRsa::make(kWrappingKeyBits);
  try {
    const SessionObject wrapping_key(session, import_wrapping_key(session, rsa.public_key()));
    const KeyTraits plain{.token = false, .extractable = true, .usage = Usage::kEncrypt};
    if (wraps(session, wrapping_key.handle(), plain) != true) return Enforcement::kUnknown;
    const auto wrapped = wraps(session, wrapping_key.handle(), protected_traits);
    if (!wrapped) return Enforcement::kUnknown;
    return *wrapped ? Enforcement::kNotEnforced : Enforcement::kEnforced;
  } catch (const Error& error) {
    if (!error.ckr()) throw;
    return Enforcement::kUnknown;
  }
}

}  // namespace

std::string_view enforcement_name(Enforcement enforcement) {
  switch (enforcement) {
    case Enforcement::kEnforced:
      return "enforced";
    case Enforcement::kNotEnforced:
      return "stored, not enforced";
    case Enforcement::kUnknown:
      return "unknown";
  }
  throw Error(Kind::kInternal, "enforcement", "a protection has no finding");
}

Enforcement unextractable_stays(pkcs11::Session& session) {
  return compare(session, {.token = false, .extractable = false, .usage = Usage::kEncrypt});
}

Enforcement untrusted_is_refused(pkcs11::Session& session) {
  return compare(
      session,
      {.token = false, .extractable = true, .wrap_with_trusted = true, .usage = Usage::kEncrypt});
}

}  // namespace keyrite::wrap
