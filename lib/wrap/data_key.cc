#include "wrap/data_key.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/key_type.h"
#include "crypto/aes.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "pkcs11/ckr.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;

constexpr std::size_t kCanaryBytes = 32;
// Of two blocks: SHA-256 of a fixed text, so that nobody chose it.
constexpr std::string_view kCanaryText = "keyrite canary of a KEK v1";

// The AES key that travels before what it wraps: it opens that, and nothing else.
pkcs11::Template outer_template() {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(false)
      .set<Attr::kEncrypt>(false)
      .set<Attr::kDecrypt>(false)
      .set<Attr::kWrap>(false)
      .set<Attr::kUnwrap>(true);
  return wanted;
}

Bytes canary_text() { return crypto::sha256(as_bytes(kCanaryText)); }

std::string canary_answer(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  return crypto::sha256_hex(session.encrypt(pkcs11::Mechanism::aes_ecb(), key, canary_text(),
                                            "using the key that a canary holds"));
}

}  // namespace

namespace {

// Each usage is said: one that is absent reads true on the tokens that were tried.
pkcs11::Template template_of(OpenedAs as, OpenedFor whom) {
  const bool aes = as == OpenedAs::kAes;
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(aes ? pkcs11::KeyKind::kAes : pkcs11::KeyKind::kGenericSecret)
      .set<Attr::kToken>(false)
      .set<Attr::kSensitive>(whom == OpenedFor::kToken)
      .set<Attr::kExtractable>(true)
      .set<Attr::kEncrypt>(aes)
      .set<Attr::kDecrypt>(aes)
      .set<Attr::kSign>(!aes)
      .set<Attr::kVerify>(!aes)
      .set<Attr::kWrap>(false)
      .set<Attr::kUnwrap>(false);
  return wanted;
}

}  // namespace

const pkcs11::Template& data_key_template(OpenedAs as, OpenedFor whom) {
  static const std::array<std::array<pkcs11::Template, 2>, 2> made{
      {{template_of(OpenedAs::kSecret, OpenedFor::kToken),
        template_of(OpenedAs::kSecret, OpenedFor::kCaller)},
       {template_of(OpenedAs::kAes, OpenedFor::kToken),
        template_of(OpenedAs::kAes, OpenedFor::kCaller)}}};
  return made.at(as == OpenedAs::kAes ? 1 : 0).at(whom == OpenedFor::kCaller ? 1 : 0);
}

namespace {

// By a wrap that is chosen.
WrappedKey wrapped_as(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                      KeyWrap wrap, pkcs11::ObjectHandle key, std::size_t bytes) {
  WrappedKey wrapped{.wrap = wrap};
  wrapped.content = session.wrap_key(proven.wrapping(wrapped.wrap), kek.handle, key,
                                     fmt::format("wrapping a data key under {}", kek.name));
  if (wrapped.content.size() == wrapped_size(bytes)) return wrapped;
  throw Error(
      Kind::kToken, "wrap-size",
      fmt::format("a data key of {} bytes came out of the token as {} bytes, where {} gives "
                  "{}",
                  bytes, wrapped.content.size(), key_wrap_name(wrapped.wrap), wrapped_size(bytes)),
      "run token-check to see what this token does");
}

}  // namespace

WrappedKey wrap_session_key(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                            pkcs11::ObjectHandle key, std::size_t bytes) {
  return wrapped_as(session, proven, kek, proven.choose(bytes), key, bytes);
}

WrappedKey make_data_key(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                         std::size_t bytes) {
  auto wanted = data_key_template(OpenedAs::kAes, OpenedFor::kToken);
  wanted.set<Attr::kValueLen>(bytes);
  const SessionObject key(
      session, session.generate_key(pkcs11::Mechanism::aes_key_gen(), wanted, "making a data key"));
  return wrap_session_key(session, proven, kek, key.handle(), bytes);
}

WrappedKey wrap_data_key(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                         const crypto::SecretBytes& value) {
  return wrap_data_key(session, proven, kek, value, proven.choose(value.size()));
}

WrappedKey wrap_data_key(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                         const crypto::SecretBytes& value, KeyWrap wrap) {
  const SessionObject key(
      session, session.create_secret(data_key_template(OpenedAs::kSecret, OpenedFor::kToken), value,
                                     "putting a data key into the token"));
  return wrapped_as(session, proven, kek, wrap, key.handle(), value.size());
}

pkcs11::ObjectHandle unwrap_data_key(pkcs11::Session& session, const DataKeyWrap& proven,
                                     const Kek& kek, const WrappedKey& record, OpenedAs as,
                                     OpenedFor whom) {
  const auto what = fmt::format("opening a data key under {}", kek.name);
  const auto& mechanism = proven.unwrapping(record.wrap);
  const auto rsa = rsa_wrap(record.wrap);
  if (!rsa || rsa->scheme == Scheme::kRsaOaep) {
    return session.unwrap_key(mechanism, kek.handle, record.content, data_key_template(as, whom),
                              what);
  }
  const ByteView content(record.content);
  const std::size_t outer_bytes = std::min(proven.modulus_bytes(), content.size());
  const SessionObject outer(session,
                            session.unwrap_key(pkcs11::Mechanism::rsa_oaep(rsa->hash), kek.handle,
                                               content.first(outer_bytes), outer_template(), what));
  return session.unwrap_key(mechanism, outer.handle(), content.subspan(outer_bytes),
                            data_key_template(as, whom), what);
}

KekCanary make_canary(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek) {
  auto wanted = data_key_template(OpenedAs::kAes, OpenedFor::kToken);
  wanted.set<Attr::kValueLen>(kCanaryBytes);
  const SessionObject key(
      session, session.generate_key(pkcs11::Mechanism::aes_key_gen(), wanted, "making a canary"));
  KekCanary canary{.wrapped = wrap_session_key(session, proven, kek, key.handle(), kCanaryBytes),
                   .answer_sha256 = canary_answer(session, key.handle())};
  require_canary(session, proven, kek, canary);
  return canary;
}

KekCanary outside_canary(const DataKeyWrap& proven, const crypto::PublicKey& public_key) {
  constexpr WrappingAlgorithm kBetter{Scheme::kRsaOaep, Hash::kSha256};
  const bool better = std::ranges::count(proven.opens(), kBetter) != 0;
  const KeyWrap wrap = better ? KeyWrap::kOaepSha256 : KeyWrap::kOaepSha1;
  (void)proven.unwrapping(wrap);
  const crypto::SecretBytes value(crypto::random_bytes(kCanaryBytes));
  return {
      .wrapped = {wrap, crypto::oaep_encrypt(public_key, better ? Hash::kSha256 : Hash::kSha1,
                                             value.reveal())},
      .answer_sha256 = crypto::sha256_hex(crypto::aes_ecb_encrypt(value.reveal(), canary_text()))};
}

void require_canary(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
                    const KekCanary& canary) {
  std::optional<SessionObject> key;
  try {
    key.emplace(session, unwrap_data_key(session, proven, kek, canary.wrapped, OpenedAs::kAes,
                                         OpenedFor::kToken));
  } catch (const Error& error) {
    if (!error.ckr() || pkcs11::says_not_now(error)) throw;
    throw Error(
        Kind::kVerification, "canary-closed",
        fmt::format("{} does not open its canary, which it opened when it was activated: {}",
                    kek.name, error.message()),
        "it is another key than the registry says, or the token is ill: run token-check")
        .with_ckr(*error.ckr());
  }
  if (canary_answer(session, key->handle()) == canary.answer_sha256) return;
  throw Error(
      Kind::kVerification, "canary-differs",
      fmt::format("the canary of {} opens to another key than when it was activated", kek.name),
      "the registry or the token was changed: find out by whom");
}

Error judged(pkcs11::Session& session, const DataKeyWrap& proven, const Kek& kek,
             const KekCanary& canary, const Error& error) {
  if (!error.ckr() || pkcs11::says_not_now(error)) return error;
  try {
    require_canary(session, proven, kek, canary);
  } catch (const Error& ill) {
    return Error(
               Kind::kToken, "token-ill",
               fmt::format("a data key does not open ({}), and neither does the canary of {} ({}): "
                           "nothing is said of the record",
                           error.message(), kek.name, ill.message()),
               "find out what the token has, with token-check; then run this again")
        .with_ckr(*error.ckr());
  }
  return Error(Kind::kVerification, "data-key-record-bad",
               fmt::format("the record is damaged, or was made under another key: {} opens its "
                           "canary and not this ({})",
                           kek.name, error.message()),
               "take the record from a backup of the registry or of its keeper")
      .with_ckr(*error.ckr());
}

namespace {

// Session objects, one for each record that opened; all are destroyed together.
class OpenedKeys {
 public:
  explicit OpenedKeys(pkcs11::Session& session) : session_(session) {}
  OpenedKeys(const OpenedKeys&) = delete;
  OpenedKeys& operator=(const OpenedKeys&) = delete;
  ~OpenedKeys() { clear(); }
  void add(pkcs11::ObjectHandle key) { keys_.push_back(key); }
  [[nodiscard]] pkcs11::ObjectHandle at(std::size_t index) const { return keys_.at(index); }
  void clear() {
    for (const auto key : keys_) session_.discard(key);
    keys_.clear();
  }

 private:
  pkcs11::Session& session_;
  std::vector<pkcs11::ObjectHandle> keys_{};
};

}  // namespace

std::vector<Rewrapped> rewrap_data_keys(pkcs11::Session& session, const DataKeyWrap& proven,
                                        const Kek& from, const KekCanary& canary, const Kek& to,
                                        const std::vector<WrappedKey>& records) {
  constexpr auto kAs = OpenedAs::kSecret;
  constexpr auto kFor = OpenedFor::kToken;
  std::vector<Rewrapped> moved(records.size());
  std::vector<std::size_t> opened;
  OpenedKeys keys(session);
  for (std::size_t i = 0; i < records.size(); ++i) {
    (void)proven.wrapping(records[i].wrap);
    try {
      keys.add(unwrap_data_key(session, proven, from, records[i], kAs, kFor));
      opened.push_back(i);
    } catch (const Error& error) {
      Error told = judged(session, proven, from, canary, error);
      if (told.code() != "data-key-record-bad") throw Error(std::as_const(told));
      moved[i].refused = std::move(told);
    }
  }
  for (std::size_t k = 0; k < opened.size(); ++k) {
    const auto wrap = records[opened[k]].wrap;
    moved[opened[k]].record = {wrap,
                               session.wrap_key(proven.wrapping(wrap), to.handle, keys.at(k),
                                                fmt::format("moving a data key to {}", to.name))};
  }
  keys.clear();
  for (const auto i : opened)
    keys.add(unwrap_data_key(session, proven, to, moved[i].record, kAs, kFor));
  for (std::size_t k = 0; k < opened.size(); ++k) {
    const auto& before = records[opened[k]];
    if (session.wrap_key(proven.wrapping(before.wrap), from.handle, keys.at(k),
                         fmt::format("comparing a data key under {}", from.name)) == before.content)
      continue;
    throw Error(Kind::kToken, "rewrap-differs",
                fmt::format("a data key that was moved from {} to {} is another one afterwards",
                            from.name, to.name),
                "nothing was written; do not use this token for data keys");
  }
  return moved;
}

}  // namespace keyrite::wrap
