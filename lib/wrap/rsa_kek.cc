#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/aes_kwp.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "pkcs11/question.h"
#include "wrap/data_key.h"
#include "wrap/data_key_wrap.h"

namespace keyrite::wrap {

namespace {

constexpr std::size_t kSecretBytes = 32;

// What the host wraps as a provider does.
Bytes wrapped_outside(const crypto::PublicKey& key, const WrappingAlgorithm& algorithm,
                      ByteView secret) {
  if (algorithm.scheme == Scheme::kRsaOaep)
    return crypto::oaep_encrypt(key, algorithm.hash, secret);
  const Bytes outer = crypto::random_bytes(kSecretBytes);
  Bytes whole = crypto::oaep_encrypt(key, algorithm.hash, outer);
  const Bytes rest = crypto::kwp_wrap(outer, secret);
  whole.insert(whole.end(), rest.begin(), rest.end());
  return whole;
}

class RsaTrial {
 public:
  RsaTrial(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
           const crypto::PublicKey& key)
      : session_(session), proven_(proven), kek_(kek), key_(key) {}

  // Empty: the token opens it to the right key, and refuses it damaged.
  [[nodiscard]] std::string fault(KeyWrap wrap) {
    const Bytes secret = crypto::random_bytes(kSecretBytes);
    WrappedKey record{wrap, wrapped_outside(key_, rsa_wrap(wrap).value(), secret)};
    const Bytes probe = crypto::random_bytes(crypto::kAesBlockBytes);
    {
      const SessionObject key(session_, opened(record));
      if (session_.encrypt(pkcs11::Mechanism::aes_ecb(), key.handle(), probe,
                           "trying an RSA KEK") != crypto::aes_ecb_encrypt(secret, probe))
        return "another key came out than went in";
    }
    record.content.back() ^= 1U;
    try {
      const SessionObject key(session_, opened(record));
      return "it opens a record that was damaged";
    } catch (const Error& error) {
      // Some tokens refuse it by CKR_GENERAL_ERROR; what was opened before it shows that they work.
      if (!error.ckr() || pkcs11::says_not_now(error)) throw;
    }
    return {};
  }

 private:
  [[nodiscard]] pkcs11::ObjectHandle opened(const WrappedKey& record) {
    return unwrap_data_key(session_, proven_, kek_, record, OpenedAs::kAes, OpenedFor::kToken);
  }
  pkcs11::Session& session_;
  const DataKeyWrap& proven_;
  const Kek& kek_;
  const crypto::PublicKey& key_;
};

// Empty: it does. Else why not.
std::string fault_of(RsaTrial& trial, KeyWrap wrap) {
  return pkcs11::find_out(
      fmt::format("whether the RSA KEK opens {}", key_wrap_name(wrap)),
      [&] { return trial.fault(wrap); }, [](const Error& no) { return no.message(); },
      [](const Error& first, const Error& /*again*/) { return first.message(); });
}

// By which RFC 5649 is undone; nullptr: the token does not.
const pkcs11::Mechanism* kwp_of(const DataKeyWrap& aes) {
  for (const auto& one : aes.findings()) {
    if (one.wrap == KeyWrap::kKwp && one.unwraps) return &one.mechanism;
  }
  return nullptr;
}

}  // namespace

std::vector<WrappingAlgorithm> DataKeyWrap::opens() const {
  std::vector<WrappingAlgorithm> list;
  for (const auto& one : findings_) {
    const auto algorithm = rsa_wrap(one.wrap);
    if (algorithm && one.unwraps) list.push_back(*algorithm);
  }
  return list;
}

DataKeyWrap test_rsa_kek(pkcs11::Session& session, pkcs11::ObjectHandle kek,
                         const crypto::PublicKey& public_key) {
  const auto aes = test_data_key_wrap(session, kSecretBytes * 8);
  const auto* kwp = kwp_of(aes);
  DataKeyWrap found;
  found.modulus_bytes_ = public_key.rsa_bits() / 8;
  for (const KeyWrap wrap :
       {KeyWrap::kOaepSha256, KeyWrap::kOaepSha1, KeyWrap::kRsaAesSha256, KeyWrap::kRsaAesSha1}) {
    const auto algorithm = rsa_wrap(wrap).value();
    if (algorithm.scheme == Scheme::kRsaOaep)
      found.findings_.push_back(
          {.wrap = wrap, .mechanism = pkcs11::Mechanism::rsa_oaep(algorithm.hash)});
    else if (kwp != nullptr)
      found.findings_.push_back({.wrap = wrap, .mechanism = *kwp});
  }
  const Kek tried{.handle = kek, .name = "the RSA KEK"};
  RsaTrial trial(session, found, tried, public_key);
  for (auto& one : found.findings_) {
    // What is tried is what unwrap_data_key does with a finding.
    one.unwraps = true;
    one.detail = fault_of(trial, one.wrap);
    one.unwraps = one.detail.empty();
    if (one.unwraps) one.detail = "it opens what was wrapped outside";
  }
  return found;
}

}  // namespace keyrite::wrap
