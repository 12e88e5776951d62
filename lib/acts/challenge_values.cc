#include "acts/challenge_values.h"

#include "crypto/aes_kwp.h"
#include "crypto/aes_modes.h"

namespace keyrite::acts {

namespace {

using provider::ChallengeSpec;
using provider::HashName;
using provider::Operation;

crypto::Digest digest_of(HashName hash) {
  switch (hash) {
    case HashName::kSha1:
      return crypto::Digest::kSha1;
    case HashName::kSha224:
      return crypto::Digest::kSha224;
    case HashName::kSha256:
      return crypto::Digest::kSha256;
    case HashName::kSha384:
      return crypto::Digest::kSha384;
    case HashName::kSha512:
      return crypto::Digest::kSha512;
    case HashName::kNone:
      break;
  }
  throw Error(Kind::kInternal, "challenge-hash", "a MAC challenge has no hash");
}

Bytes value_in_token(pkcs11::Session& session, pkcs11::ObjectHandle key,
                     const ChallengeSpec& spec) {
  const std::string what = "computing the challenge " + spec.id;
  const auto block = [&](ByteView input) {
    return session.encrypt(pkcs11::Mechanism::aes_ecb(), key, input, what);
  };
  switch (spec.operation) {
    case Operation::kHmac:
      return session.sign(pkcs11::Mechanism::hmac(digest_of(spec.hash)), key, spec.input, what);
    case Operation::kAesCbcEncrypt:
      return session.encrypt(pkcs11::Mechanism::aes_cbc(spec.iv), key, spec.input, what);
    case Operation::kAesCtrEncrypt:
      return crypto::ctr_encrypt_with(block, spec.iv, spec.input);
    case Operation::kAesKeyWrap:
      return crypto::kw_wrap_with(block, spec.input);
    case Operation::kAesGcmEncrypt:
      return crypto::gcm_encrypt_with(block, spec.iv, spec.input);
    case Operation::kRsaOaepEncrypt:
    case Operation::kSignature:
      break;
  }
  throw Error(Kind::kInternal, "challenge-operation", "the token has no part in this challenge");
}

}  // namespace

std::vector<provider::ComputedChallenge> compute_challenges(
    pkcs11::Session& session, pkcs11::ObjectHandle key, const KeyType& type,
    const std::vector<ChallengeSpec>& specs) {
  std::vector<provider::ComputedChallenge> computed;
  for (const auto& spec : specs) {
    provider::ComputedChallenge entry{.spec = spec};
    if (type.is_secret()) {
      try {
        entry.value = value_in_token(session, key, spec);
      } catch (const Error& error) {
        if (error.kind() == Kind::kInternal) throw;
        entry.reason = error.message();
      }
    }
    computed.push_back(std::move(entry));
  }
  return computed;
}

}  // namespace keyrite::acts
