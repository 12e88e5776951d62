#include "keys/key_report.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "act/public_half.h"
#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "keys/check_value_attribute.h"
#include "pkcs11/question.h"
#include "wrap/session_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::Mechanism;

constexpr std::string_view kTrying = "trying the new key";
constexpr std::string_view kNotReadable = "not readable";

// Without these four read back, nothing can be said about a key's protection.
constexpr std::array kMustBeRead{Attr::kToken, Attr::kPrivate, Attr::kSensitive,
                                 Attr::kExtractable};
// What the token says about the key's origin: shown, never demanded (NSS says CKA_LOCAL=false of
// its own keys).
constexpr std::array kOrigin{Attr::kLocal, Attr::kAlwaysSensitive, Attr::kNeverExtractable,
                             Attr::kKeyGenMechanism, Attr::kModifiable};
constexpr std::string_view kFromAttribute = "cka-check-value-aes-ecb-zero";
constexpr std::size_t kCheckValueBytes = 3;
constexpr unsigned long kUnavailable = ~0UL;  // CK_UNAVAILABLE_INFORMATION

// Of the texts by which pkcs11::value_text shows values; nullopt for one that may be somebody's.
std::optional<act::Fact> attribute_fact(pkcs11::ValueType type, const std::string& value) {
  if (value == kNotReadable) return act::Words("not readable");
  switch (type) {
    case pkcs11::ValueType::kBool:
      return act::Words::listed(value, {"true", "false"});
    case pkcs11::ValueType::kClass:
      return act::Words::listed(value, {"CKO_PUBLIC_KEY", "CKO_PRIVATE_KEY", "CKO_SECRET_KEY"});
    case pkcs11::ValueType::kKeyKind:
      return act::Words::listed(
          value, {"CKK_RSA", "CKK_EC", "CKK_GENERIC_SECRET", "CKK_AES", "CKK_EC_EDWARDS"});
    case pkcs11::ValueType::kNumber:
    case pkcs11::ValueType::kBytes:
      return act::Fact::digits(value);
    case pkcs11::ValueType::kText:
    case pkcs11::ValueType::kDate:
      return std::nullopt;
  }
  return std::nullopt;
}

[[noreturn]] void differs(Attr attribute, std::string_view wanted, std::string_view got) {
  throw Error(Kind::kToken, "attribute-differs",
              fmt::format("the token stored {} = {}, but keyrite requested {}",
                          pkcs11::attribute_info(attribute).name, got, wanted),
              "this token does not follow the template that it is given; run token-check to see "
              "what else it does");
}

[[noreturn]] void unusable(std::string_view how) {
  throw Error(Kind::kToken, "key-unusable", fmt::format("the new key does not work: {}", how),
              "do not use this token for this type of key; report it to its vendor");
}

std::string read_text(const pkcs11::Session& session, pkcs11::ObjectHandle handle, Attr attribute) {
  const auto value = session.read_bytes(handle, attribute);
  if (!value || (value->empty() && attribute != Attr::kLabel)) return std::string(kNotReadable);
  return pkcs11::value_text(attribute, *value);
}

// Usages that the template did not name, because the token takes no template that does.
NamedValues other_usages(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                         const pkcs11::Template& wanted) {
  NamedValues values;
  const auto object_class = session.read_ulong(handle, Attr::kClass);
  if (!object_class) return values;
  for (const Attr usage : wrap::usage_attributes(static_cast<pkcs11::ObjectClass>(*object_class))) {
    const auto& named = wanted.entries();
    if (std::any_of(named.begin(), named.end(),
                    [&](const auto& e) { return e.attribute == usage; }))
      continue;
    const std::string got = read_text(session, handle, usage);
    if (got != kNotReadable) values.emplace_back(pkcs11::attribute_info(usage).name, got);
  }
  return values;
}

// A key with both lets anybody who may use it read what it wraps.
void require_apart(const pkcs11::Session& session, pkcs11::ObjectHandle handle, Attr one,
                   Attr other) {
  if (session.read_bool(handle, one) != true || session.read_bool(handle, other) != true) return;
  throw Error(Kind::kToken, "attribute-differs",
              fmt::format("the token gave one key both {} and {}, so whoever may use the key can "
                          "read what it wraps",
                          pkcs11::attribute_info(one).name, pkcs11::attribute_info(other).name),
              "this token does not follow the template that it is given; run token-check to see "
              "what else it does");
}

act::Words try_encryption(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  const Bytes block = crypto::random_bytes(crypto::kAesBlockBytes);
  const Bytes hidden = session.encrypt(Mechanism::aes_ecb(), key, block, kTrying);
  if (hidden == block || session.decrypt(Mechanism::aes_ecb(), key, hidden, kTrying) != block) {
    unusable("it does not decrypt what it encrypted");
  }
  return act::Words("C_Encrypt and C_Decrypt (CKM_AES_ECB)");
}

act::Words try_mac(pkcs11::Session& session, const KeyType& type, pkcs11::ObjectHandle key) {
  const Bytes message = crypto::random_bytes(crypto::kAesBlockBytes);
  const auto hmac = Mechanism::hmac(wrap::mac_hash_for(type.secret_bytes()));
  const Bytes mac = session.sign(hmac, key, message, kTrying);
  if (mac.size() < 20 || !session.verify(hmac, key, message, mac, kTrying)) {
    unusable("it does not verify its own MAC");
  }
  return act::Words("C_Sign and C_Verify (") + act::Words::of(hmac) + act::Words(")");
}

std::string_view check_value_name(crypto::Digest hash) {
  switch (hash) {
    case crypto::Digest::kSha1:
      return crypto::kHmacSha1Zero;
    case crypto::Digest::kSha224:
      return crypto::kHmacSha224Zero;
    case crypto::Digest::kSha256:
      return crypto::kHmacSha256Zero;
    case crypto::Digest::kSha384:
      return crypto::kHmacSha384Zero;
    case crypto::Digest::kSha512:
      return crypto::kHmacSha512Zero;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a MAC has no hash");
}

act::Words try_signature(pkcs11::Session& session, pkcs11::ObjectHandle key,
                         const crypto::PublicKey& public_key) {
  const auto mechanism = act::signs_as(session, key, public_key, kTrying);
  if (!mechanism) unusable("its signature does not verify on the host");
  return act::Words("C_Sign (") + *mechanism + act::Words("), verified on the host");
}

act::Words try_agreement(pkcs11::Session& session, pkcs11::ObjectHandle key,
                         const crypto::PublicKey& public_key) {
  if (!act::agrees_as(session, key, public_key, kTrying))
    unusable("it derives another secret than the host derives with its public half");
  return act::Words("C_DeriveKey (CKM_ECDH1_DERIVE), compared with the host");
}

const KeyType kThrowaway{.family = KeyFamily::kAes, .size = 256};

// A throw-away key that another one wraps and unwraps; the copy is compared by use.
class RoundTrip {
 public:
  explicit RoundTrip(pkcs11::Session& session)
      : session_(session),
        original_(session,
                  session.generate_key(wrap::generation_mechanism(kThrowaway),
                                       wrap::throwaway_templates(kThrowaway).key, kTrying)) {}

  [[nodiscard]] bool gives_same(const Mechanism& mechanism, pkcs11::ObjectHandle wrapping,
                                pkcs11::ObjectHandle unwrapping) {
    const Bytes wrapped = session_.wrap_key(mechanism, wrapping, original_.handle(), kTrying);
    const wrap::SessionObject copy(
        session_,
        session_.unwrap_key(mechanism, unwrapping, wrapped, wrap::unwrapped_template(), kTrying));
    const Bytes block(crypto::kAesBlockBytes);
    return session_.encrypt(Mechanism::aes_ecb(), copy.handle(), block, kTrying) ==
           session_.encrypt(Mechanism::aes_ecb(), original_.handle(), block, kTrying);
  }

 private:
  pkcs11::Session& session_;
  wrap::SessionObject original_;
};

act::Words try_wrapping(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  std::string last_refusal = "the token has no AES key wrap";
  std::optional<Error> undecided;
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    if (kwp.vendor) continue;
    const auto mechanism = Mechanism::aes_key_wrap(kwp);
    const std::string question =
        fmt::format("whether the new key wraps and unwraps by {}", kwp.display());
    const bool done = pkcs11::find_out(
        question,
        [&] {
          if (!RoundTrip(session).gives_same(mechanism, key, key))
            unusable("it unwraps another key than it wrapped");
          return true;
        },
        [&](const Error& no) {
          last_refusal = no.message();
          return false;
        },
        // Another mechanism may still show that the key works.
        [&](const Error& first, const Error& again) {
          undecided = pkcs11::not_found_out(question, first, again);
          return false;
        });
    if (done)
      return act::Words("C_WrapKey and C_UnwrapKey (") + act::Words::of(kwp) + act::Words(")");
  }
  if (undecided) throw *std::move(undecided);
  unusable(last_refusal);
}

act::Words try_rsa_decryption(pkcs11::Session& session, pkcs11::ObjectHandle key,
                              pkcs11::ObjectHandle public_half) {
  const Bytes message = crypto::random_bytes(crypto::kAesBlockBytes);
  const auto oaep = Mechanism::rsa_oaep(Hash::kSha1);
  const Bytes hidden = session.encrypt(oaep, public_half, message, kTrying);
  if (session.decrypt(oaep, key, hidden, kTrying) != message) {
    unusable("it does not decrypt what its public half encrypted");
  }
  return act::Words("C_Encrypt and C_Decrypt (CKM_RSA_PKCS_OAEP)");
}

act::Words try_rsa_unwrapping(pkcs11::Session& session, pkcs11::ObjectHandle key,
                              pkcs11::ObjectHandle public_half) {
  if (!RoundTrip(session).gives_same(Mechanism::rsa_oaep(Hash::kSha1), public_half, key))
    unusable("it unwraps another key than its public half wrapped");
  return act::Words("C_WrapKey and C_UnwrapKey (CKM_RSA_PKCS_OAEP)");
}

AttributeCheckValue probe_check_value(pkcs11::Session& session, const KeyType& type,
                                      pkcs11::ObjectHandle key) {
  switch (check_value_attribute(session, type)) {
    case CheckValueAttribute::kAbsent:
      return {.why_none = "the key may not encrypt, and the token has no CKA_CHECK_VALUE",
              .code = act::Words("no-cka-check-value")};
    case CheckValueAttribute::kWrong:
      return {.why_none =
                  "the key may not encrypt, and the token's CKA_CHECK_VALUE is not AES of the "
                  "zero block",
              .code = act::Words("cka-check-value-wrong")};
    case CheckValueAttribute::kRight:
      break;
  }
  const auto value = session.read_bytes(key, Attr::kCheckValue);
  if (!value || value->size() != kCheckValueBytes)
    return {.why_none = "the key may not encrypt, and the token has no CKA_CHECK_VALUE for it",
            .code = act::Words("no-cka-check-value")};
  return {.values = {{std::string(kFromAttribute), to_hex(*value)}}};
}

}  // namespace

NamedValues read_back(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                      const pkcs11::Template& wanted) {
  NamedValues values;
  for (const auto& entry : wanted.entries()) {
    // Some tokens take CKA_MODIFIABLE=false and store true: told with the origin.
    if (entry.attribute == Attr::kModifiable) continue;
    const std::string got = read_text(session, handle, entry.attribute);
    const std::string expected = pkcs11::value_text(entry.attribute, entry.value);
    const bool must =
        std::find(kMustBeRead.begin(), kMustBeRead.end(), entry.attribute) != kMustBeRead.end();
    if (got != expected && (must || got != kNotReadable)) differs(entry.attribute, expected, got);
    values.emplace_back(pkcs11::attribute_info(entry.attribute).name, got);
  }
  for (const auto& usage : other_usages(session, handle, wanted)) values.push_back(usage);
  require_apart(session, handle, Attr::kWrap, Attr::kDecrypt);
  require_apart(session, handle, Attr::kUnwrap, Attr::kEncrypt);
  for (const Attr attribute : kOrigin) {
    const std::string got = read_text(session, handle, attribute);
    if (got != kNotReadable) values.emplace_back(pkcs11::attribute_info(attribute).name, got);
  }
  return values;
}

std::string generation_mechanism_text(unsigned long number, const KeyType& type) {
  if (number == kUnavailable) return "none";
  const auto usual = wrap::generation_mechanism(type);
  return number == usual.number() ? fmt::format("{} (0x{:X})", usual.name(), number)
                                  : fmt::format("0x{:X}", number);
}

act::Words use_once(pkcs11::Session& session, const KeyType& type, KeyUsage usage,
                    pkcs11::ObjectHandle key,
                    const std::optional<pkcs11::ObjectHandle>& public_half,
                    const std::optional<crypto::PublicKey>& public_key) {
  switch (usage) {
    case KeyUsage::kWrap:
      return type.is_secret() ? try_wrapping(session, key)
                              : try_rsa_unwrapping(session, key, public_half.value());
    case KeyUsage::kEncrypt:
      return type.is_secret() ? try_encryption(session, key)
                              : try_rsa_decryption(session, key, public_half.value());
    case KeyUsage::kSign:
      return type.is_secret() ? try_mac(session, type, key)
                              : try_signature(session, key, public_key.value());
    case KeyUsage::kDerive:
      return try_agreement(session, key, public_key.value());
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key has no usage");
}

act::LogFacts facts_of(const NamedValues& attributes) {
  act::LogFacts facts;
  for (const auto& [name, value] : attributes) {
    const auto& table = pkcs11::attributes();
    const auto info = std::ranges::find(table, name, &pkcs11::AttrInfo::name);
    if (info == table.end()) continue;
    if (auto fact = attribute_fact(info->type, value)) facts.add(act::Words::of(*info), *fact);
  }
  return facts;
}

std::vector<crypto::CheckValue> check_values(pkcs11::Session& session, const KeyType& type,
                                             KeyUsage usage, pkcs11::ObjectHandle key,
                                             const std::optional<crypto::PublicKey>& public_key,
                                             std::optional<crypto::Digest> bound) {
  if (public_key) return {crypto::sha256_spki(*public_key), crypto::sha1_spki(*public_key)};
  if (type.family == KeyFamily::kGenericSecret) {
    const auto hash = bound.value_or(wrap::mac_hash_for(type.secret_bytes()));
    const auto hmac = Mechanism::hmac(hash);
    return {crypto::hmac_zero(
        check_value_name(hash),
        session.sign(hmac, key, Bytes(crypto::kAesBlockBytes), "computing a check value"))};
  }
  if (usage != KeyUsage::kEncrypt) return {};
  const auto encrypt = [&](ByteView block) {
    return session.encrypt(Mechanism::aes_ecb(), key, block, "computing a check value");
  };
  return {crypto::aes_ecb_zero(encrypt), crypto::aes_cmac_zero(encrypt)};
}

AttributeCheckValue check_value_of_attribute(pkcs11::Session& session, const KeyType& type,
                                             pkcs11::ObjectHandle key) {
  const auto not_tried = [](const Error& error) -> AttributeCheckValue {
    return {.why_none =
                "the key may not encrypt, and CKA_CHECK_VALUE cannot be tried: " + error.message(),
            .code = act::Words("cka-check-value-not-tried")};
  };
  return pkcs11::find_out(
      "whether this token's CKA_CHECK_VALUE is right",
      [&] { return probe_check_value(session, type, key); }, not_tried,
      [&](const Error& first, const Error& /*again*/) { return not_tried(first); });
}

}  // namespace keyrite::keys
