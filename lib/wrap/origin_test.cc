#include "wrap/origin_test.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/random.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/ckr.h"
#include "pkcs11/question.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"
#include "wrap/throwaway_target.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectHandle;
using pkcs11::Session;
using pkcs11::Template;

constexpr std::string_view kTrying = "trying what the token says of a key's origin";
constexpr KeyType kAes256{.family = KeyFamily::kAes, .size = 256};
// Fast to make, and a private key like others.
constexpr KeyType kP256{.family = KeyFamily::kEc, .curve = Curve::kP256};
constexpr KeyType kRsa2048{.family = KeyFamily::kRsa, .size = 2048};

KeyType class_stand_in(const KeyType& type) {
  if (type.is_secret()) return kAes256;
  return type.family == KeyFamily::kRsa ? kRsa2048 : kP256;
}

Template put_in_template(const KeyType& type) {
  Template wanted;
  if (type.is_secret()) {
    wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
        .set<Attr::kEncrypt>(true);
  } else {
    wanted.set<Attr::kClass>(pkcs11::ObjectClass::kPrivateKey)
        .set<Attr::kKeyType>(type.family == KeyFamily::kRsa ? pkcs11::KeyKind::kRsa
                                                            : pkcs11::KeyKind::kEc)
        .set<Attr::kSign>(true);
  }
  wanted.set<Attr::kToken>(false).set<Attr::kPrivate>(true).set<Attr::kSensitive>(true);
  return wanted;
}

// What became of keys that were put in.
class PutIn {
 public:
  explicit PutIn(Session& session) : session_(session) {}

  using Way = std::function<ObjectHandle(const Template&)>;
  // A way to put a key in, done as it is and with the claim. Errors that are no refusal.
  void try_way(const Template& plain, const Way& way) {
    tried_ = try_once(plain, way) || tried_;
    Template claimed = plain;
    claimed.set<Attr::kLocal>(true);
    (void)try_once(claimed, way);
  }

  [[nodiscard]] OriginWord word() const {
    if (believed_) return OriginWord::kBelieves;
    return tried_ ? OriginWord::kTells : OriginWord::kUntried;
  }

 private:
  [[nodiscard]] std::vector<ObjectHandle> session_objects() const {
    Template wanted;
    wanted.set<Attr::kToken>(false);
    return session_.find(wanted);
  }
  // SoftHSM 2.6.1 refuses the claim and keeps the object that it had begun.
  void discard_all_but(const std::vector<ObjectHandle>& known) {
    for (const auto handle : session_objects()) {
      if (std::ranges::find(known, handle) == known.end()) session_.discard(handle);
    }
  }

  // False: the token says no.
  bool try_once(const Template& wanted, const Way& way) {
    const auto known = session_objects();
    try {
      const SessionObject key(session_, way(wanted));
      believed_ = believed_ || session_.read_bool(key.handle(), Attr::kLocal) == true;
      return true;
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
      discard_all_but(known);
      return false;
    }
  }

  Session& session_;
  bool tried_{false};     // at least one key is in
  bool believed_{false};  // one of them is said to be the token's own
};

// The throw-away key under a throw-away AES key, by the first mechanism that wraps it; nullopt when
// none does.
struct WrappedProbe {
  pkcs11::Mechanism mechanism;
  Bytes blob{};
};
std::optional<WrappedProbe> wrapped_under(Session& session, ObjectHandle wrapping,
                                          ObjectHandle key) {
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    try {
      const auto mechanism = pkcs11::Mechanism::aes_key_wrap(kwp);
      return WrappedProbe{mechanism, session.wrap_key(mechanism, wrapping, key, kTrying)};
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
    }
  }
  return std::nullopt;
}

void try_unwrapping(Session& session, const ThrowawayTarget& made, PutIn& put_in) {
  const KeyTraits traits{.token = false, .usage = KeyUsage::kWrap};
  const SessionObject wrapping(
      session, session.generate_key(generation_mechanism(kAes256),
                                    key_templates(kAes256, traits, Detail::kShort).key, kTrying));
  const auto key = wrapped_under(session, wrapping.handle(), made.handle());
  if (!key) return;
  put_in.try_way(put_in_template(made.type()), [&](const Template& wanted) {
    return session.unwrap_key(key->mechanism, wrapping.handle(), key->blob, wanted, kTrying);
  });
}

OriginWord probe_word(Session& session, const KeyType& type) {
  const ThrowawayTarget made(session, type);
  if (session.read_bool(made.handle(), Attr::kLocal) != true) return OriginWord::kSilent;
  PutIn put_in(session);
  if (type.is_secret()) {
    const crypto::SecretBytes value(crypto::random_bytes(type.secret_bytes()));
    put_in.try_way(put_in_template(type), [&](const Template& wanted) {
      return session.create_secret(wanted, value, kTrying);
    });
  }
  try_unwrapping(session, made, put_in);
  return put_in.word();
}

}  // namespace

std::string_view origin_word_name(OriginWord word) {
  switch (word) {
    case OriginWord::kTells:
      return "tells keys that it made from keys that were put in";
    case OriginWord::kSilent:
      return "is not true of keys that the token made";
    case OriginWord::kBelieves:
      return "is true of a key that was put in";
    case OriginWord::kUntried:
      return "could not be tried";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a token's word has no finding");
}

OriginWord local_word(Session& session, const KeyType& type) {
  return pkcs11::find_out(
      "whether this token's CKA_LOCAL can be believed",
      [&] { return probe_word(session, class_stand_in(type)); },
      [](const Error& /*no*/) { return OriginWord::kUntried; },
      [](const Error& /*first*/, const Error& /*again*/) { return OriginWord::kUntried; });
}

}  // namespace keyrite::wrap
