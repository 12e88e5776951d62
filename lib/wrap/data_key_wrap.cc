#include "wrap/data_key_wrap.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/key_type.h"
#include "crypto/aes.h"
#include "crypto/aes_kwp.h"
#include "crypto/random.h"
#include "pkcs11/question.h"
#include "wrap/internal/known_kek.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"
#include "wrap/throwaway_target.h"

namespace keyrite::wrap {

namespace {

constexpr KeyType kWholeBlocks{.family = KeyFamily::kAes, .size = 256};
// No multiple of 8: what zeros are added to.
constexpr KeyType kTwentyBytes{.family = KeyFamily::kGenericSecret, .size = 20};
constexpr std::string_view kTryingDataKey = "trying a throw-away data key";

std::optional<Bytes> opened_outside(KeyWrap wrap, ByteView kek, ByteView wrapped) {
  return wrap == KeyWrap::kKwp ? crypto::kwp_unwrap(kek, wrapped) : crypto::kw_unwrap(kek, wrapped);
}

class DataKeyTrial {
 public:
  DataKeyTrial(pkcs11::Session& session, const internal::KnownKek& kek)
      : session_(session), kek_(kek) {}

  // Empty: a key of this type that the token wraps opens outside to that key.
  [[nodiscard]] std::string wrap_fault(const KeyWrapFinding& of, const KeyType& type) {
    const ThrowawayTarget target(session_, type);
    const Bytes wrapped =
        session_.wrap_key(of.mechanism, kek_.handle(), target.handle(), kTryingDataKey);
    const auto content = opened_outside(of.wrap, kek_.value(), wrapped);
    if (!content) {
      return of.wrap == KeyWrap::kKwp ? crypto::why_not_kwp(kek_.value(), wrapped)
                                      : "what it wrote is not RFC 3394";
    }
    return target.compare(*content).detail;
  }

  // Empty: the token opens what was wrapped outside to the right key, and refuses it damaged.
  [[nodiscard]] std::string unwrap_fault(const KeyWrapFinding& of) {
    const Bytes secret = crypto::random_bytes(kWholeBlocks.secret_bytes());
    Bytes wrapped = of.wrap == KeyWrap::kKwp ? crypto::kwp_wrap(kek_.value(), secret)
                                             : crypto::kw_wrap(kek_.value(), secret);
    const SessionObject key(session_, session_.unwrap_key(of.mechanism, kek_.handle(), wrapped,
                                                          unwrapped_template(), kTryingDataKey));
    const Bytes probe = crypto::random_bytes(crypto::kAesBlockBytes);
    if (session_.encrypt(pkcs11::Mechanism::aes_ecb(), key.handle(), probe, kTryingDataKey) !=
        crypto::aes_ecb_encrypt(secret, probe))
      return "another key came out than went in";
    wrapped.back() ^= 1U;
    return opens_damaged(of, wrapped) ? "it opens a record that was damaged" : std::string();
  }

 private:
  bool opens_damaged(const KeyWrapFinding& of, ByteView wrapped) {
    try {
      const SessionObject key(session_, session_.unwrap_key(of.mechanism, kek_.handle(), wrapped,
                                                            unwrapped_template(), kTryingDataKey));
      return true;
    } catch (const Error& error) {
      // Some tokens refuse it by CKR_GENERAL_ERROR; what was opened before it shows that they work.
      if (!error.ckr() || pkcs11::says_not_now(error)) throw;
      return false;
    }
  }

  pkcs11::Session& session_;
  const internal::KnownKek& kek_;
};

// Empty: it does. Else why not.
template <class Probe>
std::string fault_of(const KeyWrapFinding& of, const Probe& probe) {
  return pkcs11::find_out(
      fmt::format("what this token does by {}", of.mechanism.name()), probe,
      [](const Error& no) { return no.message(); },
      [](const Error& first, const Error& /*again*/) { return first.message(); });
}

void look_at(DataKeyTrial& trial, KeyWrapFinding& of) {
  std::string fault = fault_of(of, [&] { return trial.wrap_fault(of, kWholeBlocks); });
  if (fault.empty() && of.wrap == KeyWrap::kKwp)
    fault = fault_of(of, [&] { return trial.wrap_fault(of, kTwentyBytes); });
  of.wraps = fault.empty();
  const std::string unwrap_fault = fault_of(of, [&] { return trial.unwrap_fault(of); });
  of.unwraps = unwrap_fault.empty();
  of.detail = of.wraps ? "opened outside to the same key" : std::move(fault);
  if (of.wraps && !of.unwraps) of.detail = "it wraps, but: " + unwrap_fault;
}

std::vector<KeyWrapFinding> mechanisms_to_try(const pkcs11::Session& session) {
  std::vector<KeyWrapFinding> list;
  const auto listed = session.listed_mechanisms();
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    // A vendor's number is something else on another vendor's token.
    if (kwp.vendor && std::ranges::find(listed, kwp.number) == listed.end()) continue;
    list.push_back({.wrap = KeyWrap::kKwp, .mechanism = pkcs11::Mechanism::aes_key_wrap(kwp)});
  }
  list.push_back({.wrap = KeyWrap::kKw, .mechanism = pkcs11::Mechanism::aes_kw()});
  return list;
}

}  // namespace

std::optional<WrappingAlgorithm> rsa_wrap(KeyWrap wrap) {
  switch (wrap) {
    case KeyWrap::kOaepSha256:
      return WrappingAlgorithm{Scheme::kRsaOaep, Hash::kSha256};
    case KeyWrap::kOaepSha1:
      return WrappingAlgorithm{Scheme::kRsaOaep, Hash::kSha1};
    case KeyWrap::kRsaAesSha256:
      return WrappingAlgorithm{Scheme::kRsaAesKeyWrap, Hash::kSha256};
    case KeyWrap::kRsaAesSha1:
      return WrappingAlgorithm{Scheme::kRsaAesKeyWrap, Hash::kSha1};
    case KeyWrap::kKwp:
    case KeyWrap::kKw:
      break;
  }
  return std::nullopt;
}

std::string_view key_wrap_name(KeyWrap wrap) {
  // In the order of KeyWrap; the RSA ones as WrappingAlgorithm::name() has them.
  constexpr std::array<std::string_view, 6> kNames{"aes-kwp",
                                                   "aes-kw",
                                                   "rsa-oaep-sha256",
                                                   "rsa-oaep-sha1",
                                                   "rsa-aes-key-wrap-sha256",
                                                   "rsa-aes-key-wrap-sha1"};
  return kNames.at(static_cast<std::size_t>(wrap));
}

std::optional<KeyWrap> parse_key_wrap(std::string_view name) {
  for (const KeyWrap wrap : {KeyWrap::kKwp, KeyWrap::kKw, KeyWrap::kOaepSha256, KeyWrap::kOaepSha1,
                             KeyWrap::kRsaAesSha256, KeyWrap::kRsaAesSha1}) {
    if (key_wrap_name(wrap) == name) return wrap;
  }
  return std::nullopt;
}

std::size_t wrapped_size(std::size_t bytes) {
  const std::size_t blocks = (bytes + crypto::kSemiblockBytes - 1) / crypto::kSemiblockBytes;
  return (blocks + 1) * crypto::kSemiblockBytes;
}

std::string DataKeyWrap::details() const {
  std::string text;
  for (const auto& one : findings_) {
    text += fmt::format("{}{} (0x{:X}) as {}: {}", text.empty() ? "" : "; ", one.mechanism.name(),
                        one.mechanism.number(), key_wrap_name(one.wrap), one.detail);
  }
  return text;
}

KeyWrap DataKeyWrap::choose(std::size_t bytes) const {
  for (const auto& one : findings_) {
    const bool takes = one.wrap == KeyWrap::kKwp || (bytes % crypto::kSemiblockBytes == 0 &&
                                                     bytes >= 2 * crypto::kSemiblockBytes);
    if (one.wraps && one.unwraps && takes) return one.wrap;
  }
  throw Error(
      Kind::kToken, "data-key-not-wrapped",
      fmt::format("this token wraps no data key of {} bytes by a way that opens outside", bytes),
      "found: " + details());
}

const pkcs11::Mechanism& DataKeyWrap::wrapping(KeyWrap wrap) const {
  for (const auto& one : findings_) {
    if (one.wrap == wrap && one.wraps) return one.mechanism;
  }
  throw Error(Kind::kToken, "data-key-not-wrapped",
              fmt::format("this token does not wrap data keys by {}", key_wrap_name(wrap)),
              "found: " + details());
}

const pkcs11::Mechanism& DataKeyWrap::unwrapping(KeyWrap wrap) const {
  for (const auto& one : findings_) {
    if (one.wrap == wrap && one.unwraps) return one.mechanism;
  }
  throw Error(Kind::kToken, "data-key-not-unwrapped",
              fmt::format("this token does not open data keys by {}", key_wrap_name(wrap)),
              "found: " + details());
}

DataKeyWrap test_data_key_wrap(pkcs11::Session& session, unsigned kek_bits) {
  const internal::KnownKek kek(session, kek_bits);
  DataKeyTrial trial(session, kek);
  DataKeyWrap found;
  found.findings_ = mechanisms_to_try(session);
  for (auto& one : found.findings_) look_at(trial, one);
  return found;
}

}  // namespace keyrite::wrap
