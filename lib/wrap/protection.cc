#include "wrap/protection.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/question.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

namespace {

constexpr unsigned kWrappingKeyBits = 2048;

// A refusal that is said of the mechanism is none of the key.
bool is_about_mechanism(const Error& error) {
  constexpr std::array<std::string_view, 4> kAnswers{
      "CKR_MECHANISM_INVALID", "CKR_MECHANISM_PARAM_INVALID", "CKR_FUNCTION_NOT_SUPPORTED",
      "CKR_ARGUMENTS_BAD"};
  return std::find(kAnswers.begin(), kAnswers.end(), error.ckr()->name) != kAnswers.end();
}

// An AES key with these traits to be wrapped under an RSA key.
class Trial {
 public:
  Trial(pkcs11::Session& session, pkcs11::ObjectHandle wrapping_key, const KeyTraits& traits)
      : session_(session),
        wrapping_key_(wrapping_key),
        key_(session, session.generate_key(generation_mechanism(kAes),
                                           key_templates(kAes, traits, Detail::kShort).key,
                                           "making a throw-away key")) {}

  // The refusal; nullopt: it was wrapped. Errors that are no refusal.
  [[nodiscard]] std::optional<Error> refusal(Hash hash) {
    try {
      (void)session_.wrap_key(pkcs11::Mechanism::rsa_oaep(hash), wrapping_key_, key_.handle(),
                              "trying a protection");
      return std::nullopt;
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
      return error;
    }
  }

 private:
  static constexpr KeyType kAes{.family = KeyFamily::kAes, .size = 256};
  pkcs11::Session& session_;
  pkcs11::ObjectHandle wrapping_key_;
  SessionObject key_;
};

// The protection is what makes the difference: the same wrap of a key without it must go well, just
// before and just after.
Enforcement probe(pkcs11::Session& session, const crypto::PublicKey& rsa,
                  const KeyTraits& protected_traits) {
  const SessionObject wrapping_key(session, import_wrapping_key(session, rsa));
  Trial plain(session, wrapping_key.handle(),
              {.token = false, .extractable = true, .usage = KeyUsage::kEncrypt});
  Trial held(session, wrapping_key.handle(), protected_traits);
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    if (plain.refusal(hash)) continue;
    const auto refusal = held.refusal(hash);
    if (!refusal) return Enforcement::kNotEnforced;
    if (is_about_mechanism(*refusal) || plain.refusal(hash)) return Enforcement::kUnknown;
    return Enforcement::kEnforced;
  }
  return Enforcement::kUnknown;
}

Enforcement find_out(pkcs11::Session& session, std::string_view question,
                     const KeyTraits& protected_traits) {
  const auto rsa = crypto::ThrowawayRsa::make(kWrappingKeyBits);
  return pkcs11::find_out(
      question, [&] { return probe(session, rsa.public_key(), protected_traits); },
      [](const Error& /*no*/) { return Enforcement::kUnknown; },
      [](const Error& /*first*/, const Error& /*again*/) { return Enforcement::kUnknown; });
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
  throw Error(Kind::kInternal, "value-outside-table", "a protection has no finding");
}

Enforcement unextractable_stays(pkcs11::Session& session) {
  return find_out(session, "whether this token keeps a key with CKA_EXTRACTABLE=false",
                  {.token = false, .extractable = false, .usage = KeyUsage::kEncrypt});
}

Enforcement untrusted_is_refused(pkcs11::Session& session) {
  return find_out(session, "whether this token enforces CKA_WRAP_WITH_TRUSTED",
                  {.token = false,
                   .extractable = true,
                   .wrap_with_trusted = true,
                   .usage = KeyUsage::kEncrypt});
}

}  // namespace keyrite::wrap
