#include "imports/challenge_values.h"

#include "base/error.h"
#include "base/key_usage.h"
#include "crypto/aes_kwp.h"
#include "crypto/aes_modes.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/question.h"
#include "wrap/data_key.h"

namespace keyrite::imports {

namespace {

using provider::ChallengeSpec;
using provider::Operation;

// A key that wraps does not encrypt: the challenge is put into the token as a session key, and
// wrapped there.
Bytes wrapped_challenge(pkcs11::Session& session, const keys::TargetKey& key,
                        const ChallengeSpec& spec) {
  const auto proven = wrap::test_data_key_wrap(session, key.type.secret_bytes() * 8);
  return wrap::wrap_data_key(session, proven, {key.handle, "the key to be imported"},
                             crypto::SecretBytes(spec.input), wrap::KeyWrap::kKw)
      .content;
}

bool only_wraps(const keys::TargetKey& key) {
  return key.type.family == KeyFamily::kAes && key.usage == KeyUsage::kWrap;
}

Bytes value_by_use(pkcs11::Session& session, pkcs11::ObjectHandle key, const ChallengeSpec& spec) {
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

Bytes value_in_token(pkcs11::Session& session, const keys::TargetKey& key,
                     const ChallengeSpec& spec) {
  return only_wraps(key) ? wrapped_challenge(session, key, spec)
                         : value_by_use(session, key.handle, spec);
}

// Of the token's wrap that was tried and does not open outside: no CKR says so.
bool is_no_wrap(const Error& error) { return error.code() == "data-key-not-wrapped"; }

// Signatures, OAEP encryptions and agreements need the public half alone: provider::finish does
// them.
bool token_has_no_part(Operation operation) {
  return operation == Operation::kSignature || operation == Operation::kRsaOaepEncrypt ||
         operation == Operation::kKeyAgreement;
}

// Sets value or reason.
void compute(pkcs11::Session& session, const keys::TargetKey& key,
             provider::ComputedChallenge& entry) {
  const ChallengeSpec& spec = entry.spec;
  if (only_wraps(key) && spec.operation != Operation::kAesKeyWrap) {
    entry.reason = "the key may wrap, and may not encrypt";
    return;
  }
  const auto refused = [&](const Error& no) {
    entry.reason = no.message();
    return Bytes{};
  };
  try {
    entry.value = pkcs11::find_out(
        "what the key answers to the challenge " + spec.id,
        [&] { return value_in_token(session, key, spec); }, refused);
  } catch (const Error& error) {
    if (!is_no_wrap(error)) throw;
    entry.value = refused(error);
  }
}

}  // namespace

std::vector<provider::ComputedChallenge> compute_challenges(
    pkcs11::Session& session, const keys::TargetKey& key, const std::vector<ChallengeSpec>& specs) {
  std::vector<provider::ComputedChallenge> computed;
  for (const auto& spec : specs) {
    provider::ComputedChallenge entry{.spec = spec};
    if (!token_has_no_part(spec.operation)) compute(session, key, entry);
    computed.push_back(std::move(entry));
  }
  return computed;
}

}  // namespace keyrite::imports
