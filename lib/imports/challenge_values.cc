#include "imports/challenge_values.h"

#include "base/error.h"
#include "crypto/aes_kwp.h"
#include "crypto/aes_modes.h"
#include "pkcs11/question.h"

namespace keyrite::imports {

namespace {

using provider::ChallengeSpec;
using provider::Operation;

Bytes value_in_token(pkcs11::Session& session, pkcs11::ObjectHandle key,
                     const ChallengeSpec& spec) {
  const std::string what = "computing the challenge " + spec.id;
  const auto block = [&](ByteView input) {
    return session.encrypt(pkcs11::Mechanism::aes_ecb(), key, input, what);
  };
  switch (spec.operation) {
    case Operation::kHmac:
      return session.sign(pkcs11::Mechanism::hmac(spec.hash.value()), key, spec.input, what);
    case Operation::kAesCbcEncrypt:
      return session.encrypt(pkcs11::Mechanism::aes_cbc(spec.iv), key, spec.input, what);
    case Operation::kAesCtrEncrypt:
      return crypto::ctr_encrypt_with(block, spec.iv, spec.input);
    case Operation::kAesKeyWrap:
      return crypto::kw_wrap_with(block, spec.input);
    case Operation::kAesGcmEncrypt:
      return crypto::gcm_encrypt_with(block, spec.iv, spec.input);
    case Operation::kRsaOaepEncrypt:
    case Operation::kKeyAgreement:
    case Operation::kSignature:
      break;
  }
  throw Error(Kind::kInternal, "value-outside-table", "the token has no part in this challenge");
}

// Signatures, OAEP encryptions and agreements need the public half alone: provider::finish does
// them.
bool token_has_no_part(Operation operation) {
  return operation == Operation::kSignature || operation == Operation::kRsaOaepEncrypt ||
         operation == Operation::kKeyAgreement;
}

}  // namespace

std::vector<provider::ComputedChallenge> compute_challenges(
    pkcs11::Session& session, const keys::TargetKey& key, const std::vector<ChallengeSpec>& specs) {
  std::vector<provider::ComputedChallenge> computed;
  for (const auto& spec : specs) {
    provider::ComputedChallenge entry{.spec = spec};
    if (!token_has_no_part(spec.operation)) {
      entry.value = pkcs11::find_out(
          "what the key answers to the challenge " + spec.id,
          [&] { return value_in_token(session, key.handle, spec); },
          [&](const Error& no) {
            entry.reason = no.message();
            return Bytes{};
          });
    }
    computed.push_back(std::move(entry));
  }
  return computed;
}

}  // namespace keyrite::imports
