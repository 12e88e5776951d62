#include "wrap/sealing.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/aes_gcm.h"
#include "crypto/aes_kwp.h"
#include "crypto/random.h"
#include "pkcs11/question.h"
#include "wrap/data_key.h"
#include "wrap/internal/known_kek.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Mechanism;

constexpr std::size_t kDataKeyBytes = 32;
constexpr unsigned kKekBits = 256;
constexpr std::size_t kTriedHeaderBytes = 300;
constexpr std::string_view kTryingSeal = "trying AES-GCM with a throw-away key";

// A data key whose value the host knows, as those that seal are made.
class KnownDataKey {
 public:
  KnownDataKey(pkcs11::Session& session, const DataKeyWrap& proven)
      : kek_(session, kKekBits), value_(crypto::random_bytes(kDataKeyBytes)) {
    const KeyWrap wrap = proven.choose(kDataKeyBytes);
    const Bytes content = wrap == KeyWrap::kKwp ? crypto::kwp_wrap(kek_.value(), value_)
                                                : crypto::kw_wrap(kek_.value(), value_);
    key_.emplace(session, unwrap_data_key(session, proven, {kek_.handle(), "a throw-away KEK"},
                                          {wrap, content}, OpenedAs::kAes, OpenedFor::kToken));
  }
  [[nodiscard]] pkcs11::ObjectHandle handle() const { return key_->handle(); }
  [[nodiscard]] ByteView value() const { return value_; }

 private:
  internal::KnownKek kek_;
  Bytes value_;
  std::optional<SessionObject> key_{};
};

class SealingTrial {
 public:
  SealingTrial(pkcs11::Session& session, pkcs11::ObjectHandle key, ByteView value)
      : session_(session), key_(key), value_(value) {}

  [[nodiscard]] std::string fault() {
    const Mechanism gcm = Mechanism::aes_gcm(iv_, header_);
    const Bytes outside = crypto::aes256_gcm_encrypt(value_, iv_, header_, text_);
    if (session_.encrypt(gcm, key_, text_, kTryingSeal) != outside)
      return "it seals to other bytes than the host";
    if (session_.decrypt(gcm, key_, outside, kTryingSeal) != text_)
      return "it opens what the host sealed to something else";
    Bytes other = header_;
    other.front() ^= 1U;
    if (opens(Mechanism::aes_gcm(iv_, other), outside))
      return "it opens with other associated data than was sealed";
    Bytes damaged = outside;
    damaged.back() ^= 1U;
    return opens(gcm, damaged) ? "it opens what was damaged" : std::string();
  }

 private:
  bool opens(const Mechanism& gcm, ByteView sealed) {
    try {
      (void)session_.decrypt(gcm, key_, sealed, kTryingSeal);
      return true;
    } catch (const Error& error) {
      // Some tokens refuse it by CKR_GENERAL_ERROR; what was opened before shows that they work.
      if (!error.ckr() || pkcs11::says_not_now(error)) throw;
      return false;
    }
  }

  pkcs11::Session& session_;
  pkcs11::ObjectHandle key_;
  ByteView value_;
  Bytes iv_{crypto::random_bytes(crypto::kGcmIvBytes)};
  Bytes header_{crypto::random_bytes(kTriedHeaderBytes)};
  Bytes text_{crypto::random_bytes(kLargestSealedSecret)};
};

[[noreturn]] void differs(std::string_view why) {
  throw Error(Kind::kToken, "seal-differs", fmt::format("sealing a secret: {}", why),
              "nothing was written; run token-check to see what this token does");
}

[[noreturn]] void refuse_record(std::string_view why) {
  throw Error(Kind::kVerification, "sealed-record-bad",
              fmt::format("the sealed secret is not the one that its record describes: {}", why),
              "the record was damaged, or its parts belong to different records: find out who "
              "changed the registry");
}

bool is_same(const crypto::SecretBytes& one, const crypto::SecretBytes& other) {
  return std::ranges::equal(one.reveal(), other.reveal());
}

}  // namespace

SealedSecret Sealing::seal(pkcs11::ObjectHandle data_key, ByteView associated_data,
                           const crypto::SecretBytes& secret) const {
  SealedSecret sealed{.iv = crypto::random_bytes(crypto::kGcmIvBytes)};
  const auto gcm = Mechanism::aes_gcm(sealed.iv, associated_data);
  sealed.content = session_.encrypt(gcm, data_key, secret.reveal(), "sealing a secret");
  if (sealed.content.size() != secret.size() + crypto::kGcmTagBytes)
    differs("what comes out has another length than AES-GCM gives");
  if (!is_same(session_.decrypt_secret(gcm, data_key, sealed.content, "opening a sealed secret"),
               secret))
    differs("it opens to something else");
  return sealed;
}

// So that a token that is ill is told from a record that is bad: some answer both alike.
bool Sealing::works(pkcs11::ObjectHandle data_key) const {
  const Bytes text = crypto::random_bytes(kDataKeyBytes);
  const auto gcm = Mechanism::aes_gcm(crypto::random_bytes(crypto::kGcmIvBytes), text);
  const Bytes sealed = session_.encrypt(gcm, data_key, text, kTryingSeal);
  return session_.decrypt(gcm, data_key, sealed, kTryingSeal) == text;
}

crypto::SecretBytes Sealing::open(pkcs11::ObjectHandle data_key, ByteView associated_data,
                                  const SealedSecret& sealed) const {
  const std::size_t size = sealed.content.size();
  if (sealed.iv.size() != crypto::kGcmIvBytes || size <= crypto::kGcmTagBytes ||
      size > kLargestSealedSecret + crypto::kGcmTagBytes)
    refuse_record("its IV or its content has a length that no record has");
  try {
    auto secret = session_.decrypt_secret(Mechanism::aes_gcm(sealed.iv, associated_data), data_key,
                                          sealed.content, "opening a sealed secret");
    if (secret.size() != size - crypto::kGcmTagBytes)
      differs("what comes out has another length than was sealed");
    return secret;
  } catch (const Error& error) {
    if (!error.ckr() || pkcs11::says_not_now(error)) throw;
    bool well = false;
    try {
      well = works(data_key);
    } catch (const Error& ill) {
      if (!ill.ckr()) throw;
    }
    if (well) refuse_record(error.message());
    throw Error(Kind::kToken, "token-ill",
                fmt::format("a sealed secret does not open ({}), and nothing that is sealed now "
                            "does: nothing is said of the record",
                            error.message()),
                "find out what the token has, with token-check; then run this again")
        .with_ckr(*error.ckr());
  }
}

std::string sealing_fault(pkcs11::Session& session, pkcs11::ObjectHandle key, ByteView value) {
  return SealingTrial(session, key, value).fault();
}

Sealing test_sealing(pkcs11::Session& session, const DataKeyWrap& proven) {
  const std::string fault = pkcs11::find_out(
      "whether this token seals by AES-GCM",
      [&] {
        const KnownDataKey key(session, proven);
        return sealing_fault(session, key.handle(), key.value());
      },
      [](const Error& no) { return no.message(); },
      [](const Error& first, const Error& /*again*/) { return first.message(); });
  if (fault.empty()) return Sealing(session);
  throw Error(Kind::kToken, "secret-not-sealed",
              fmt::format("this token does not seal secrets by AES-GCM so that they open outside "
                          "to the same: {}",
                          fault),
              "use a token whose token-check has a row for AES-GCM that works");
}

}  // namespace keyrite::wrap
