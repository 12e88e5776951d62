#include "wrap/key_generation.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;
using pkcs11::KeyKind;
using pkcs11::Mechanism;
using pkcs11::ObjectClass;
using pkcs11::Template;

KeyKind kind_of(const KeyType& type) {
  switch (type.family) {
    case KeyFamily::kAes:
      return KeyKind::kAes;
    case KeyFamily::kGenericSecret:
      return KeyKind::kGenericSecret;
    case KeyFamily::kRsa:
      return KeyKind::kRsa;
    case KeyFamily::kEc:
      return KeyKind::kEc;
    case KeyFamily::kEd25519:
      return KeyKind::kEcEdwards;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key type has no family");
}

// The attributes every key of ours shares. CKA_ID and CKA_LABEL go into the creation template: some
// tokens cannot change them later.
Template shared(const KeyType& type, const KeyTraits& traits) {
  Template wanted;
  wanted.set<Attr::kKeyType>(kind_of(type)).set<Attr::kToken>(traits.token);
  if (!traits.label.empty()) wanted.set<Attr::kLabel>(traits.label);
  if (!traits.id.empty()) wanted.set<Attr::kId>(traits.id);
  return wanted;
}

void protect(Template& wanted, const KeyTraits& traits) {
  wanted.set<Attr::kPrivate>(true).set<Attr::kSensitive>(true).set<Attr::kExtractable>(
      traits.extractable);
  if (traits.wrap_with_trusted) wanted.set<Attr::kWrapWithTrusted>(true);
}

// Leaves out every usage that is not allowed.
void keep_allowed(Template& wanted, ObjectClass object_class) {
  const auto& usages = usage_attributes(object_class);
  Template kept = wanted.without([&](const Template::Entry& entry) {
    return std::find(usages.begin(), usages.end(), entry.attribute) != usages.end() &&
           std::all_of(entry.value.begin(), entry.value.end(), [](auto byte) { return byte == 0; });
  });
  wanted = std::move(kept);
}

// Every usage is said, allowed or not: tokens differ in what an absent usage attribute means
// (PKCS#11 "Secret key objects": the default is token-specific). SoftHSM gives a signing EC key
// CKA_DECRYPT and CKA_UNWRAP, an AES key that only says CKA_WRAP gets CKA_DECRYPT on both test
// tokens.
Template secret_template(const KeyType& type, const KeyTraits& traits, Detail detail) {
  Template wanted = shared(type, traits);
  protect(wanted, traits);
  const bool wrap = traits.usage == KeyUsage::kWrap;
  const bool encrypt = traits.usage == KeyUsage::kEncrypt;
  const bool sign = traits.usage == KeyUsage::kSign;
  wanted.set<Attr::kClass>(ObjectClass::kSecretKey)
      .set<Attr::kWrap>(wrap)
      .set<Attr::kUnwrap>(wrap)
      .set<Attr::kEncrypt>(encrypt)
      .set<Attr::kDecrypt>(encrypt)
      .set<Attr::kSign>(sign)
      .set<Attr::kVerify>(sign)
      .set<Attr::kValueLen>(static_cast<unsigned long>(type.secret_bytes()));
  if (detail == Detail::kFull || detail == Detail::kUsages) wanted.set<Attr::kDerive>(false);
  if (detail == Detail::kAllowed) keep_allowed(wanted, ObjectClass::kSecretKey);
  return wanted;
}

Template private_template(const KeyType& type, const KeyTraits& traits, Detail detail) {
  Template wanted = shared(type, traits);
  protect(wanted, traits);
  wanted.set<Attr::kClass>(ObjectClass::kPrivateKey)
      .set<Attr::kSign>(traits.usage == KeyUsage::kSign);
  const bool full = detail == Detail::kFull || detail == Detail::kUsages;
  if (full || type.family == KeyFamily::kRsa) {
    wanted.set<Attr::kDecrypt>(traits.usage == KeyUsage::kEncrypt)
        .set<Attr::kUnwrap>(traits.usage == KeyUsage::kWrap);
  }
  if (full || traits.usage == KeyUsage::kDerive) {
    wanted.set<Attr::kDerive>(traits.usage == KeyUsage::kDerive);
  }
  if (full) wanted.set<Attr::kSignRecover>(false);
  if (detail == Detail::kAllowed) keep_allowed(wanted, ObjectClass::kPrivateKey);
  return wanted;
}

Template public_template(const KeyType& type, const KeyTraits& traits, Detail detail) {
  Template wanted = shared(type, traits);
  wanted.set<Attr::kClass>(ObjectClass::kPublicKey)
      .set<Attr::kPrivate>(false)
      .set<Attr::kVerify>(traits.usage == KeyUsage::kSign);
  const bool full = detail == Detail::kFull || detail == Detail::kUsages;
  if (full || type.family == KeyFamily::kRsa) {
    wanted.set<Attr::kEncrypt>(traits.usage == KeyUsage::kEncrypt)
        .set<Attr::kWrap>(traits.usage == KeyUsage::kWrap);
  }
  if (full) wanted.set<Attr::kVerifyRecover>(false).set<Attr::kDerive>(false);
  if (type.family == KeyFamily::kRsa) {
    wanted.set<Attr::kModulusBits>(static_cast<unsigned long>(type.size))
        .set<Attr::kPublicExponent>(Bytes(crypto::kF4.begin(), crypto::kF4.end()));
  } else if (type.family == KeyFamily::kEd25519) {
    wanted.set<Attr::kEcParams>(pkcs11::edwards25519_params());
  } else {
    const ByteView params = curve_info(type.curve).ec_params_der;
    wanted.set<Attr::kEcParams>(Bytes(params.begin(), params.end()));
  }
  if (detail == Detail::kAllowed) keep_allowed(wanted, ObjectClass::kPublicKey);
  return wanted;
}

struct UsageRow {
  KeyUsage usage{};
  std::string_view name{};
};
constexpr std::array<UsageRow, 4> kUsages{{{KeyUsage::kWrap, "wrap"},
                                           {KeyUsage::kEncrypt, "encrypt"},
                                           {KeyUsage::kSign, "sign"},
                                           {KeyUsage::kDerive, "derive"}}};

bool is_general_error(const Error& error) {
  return error.ckr() && error.ckr()->name == "CKR_GENERAL_ERROR";
}

MadeKey make_by(pkcs11::Session& session, const KeyType& type, const KeyTemplates& templates,
                std::string_view what) {
  MadeKey made{.templates = templates};
  const auto mechanism = generation_mechanism(type);
  if (type.is_secret()) {
    made.key = session.generate_key(mechanism, templates.key, what);
    return made;
  }
  const auto pair =
      session.generate_key_pair(mechanism, templates.public_half, templates.key, what);
  made.key = pair.private_key;
  made.public_half = pair.public_key;
  return made;
}

[[noreturn]] void unreadable(const std::string& what) {
  throw Error(Kind::kToken, "public-half-unreadable",
              "the public half of the key cannot be read: " + what,
              "check with pkcs11-tool that the public key object holds its public components");
}

Bytes required(const pkcs11::Session& session, pkcs11::ObjectHandle handle, Attr attribute,
               const char* what) {
  auto value = session.read_bytes(handle, attribute);
  if (!value || value->empty()) unreadable(fmt::format("{} is missing", what));
  return *std::move(value);
}

}  // namespace

std::string_view usage_name(KeyUsage usage) {
  const auto* const row =
      std::find_if(kUsages.begin(), kUsages.end(), [&](const auto& r) { return r.usage == usage; });
  return row->name;
}

KeyUsage parse_usage(std::string_view name) {
  const auto* const row =
      std::find_if(kUsages.begin(), kUsages.end(), [&](const auto& r) { return r.name == name; });
  if (row == kUsages.end()) {
    throw Error(Kind::kUsage, "usage-unknown", fmt::format("there is no key usage \"{}\"", name),
                "usages are wrap, encrypt, sign and derive");
  }
  return row->usage;
}

const std::vector<KeyUsage>& usages_of(const KeyType& type) {
  static const std::vector<KeyUsage> aes{KeyUsage::kWrap, KeyUsage::kEncrypt};
  static const std::vector<KeyUsage> secret{KeyUsage::kSign};
  static const std::vector<KeyUsage> rsa{KeyUsage::kSign, KeyUsage::kEncrypt, KeyUsage::kWrap};
  static const std::vector<KeyUsage> ec{KeyUsage::kSign, KeyUsage::kDerive};
  static const std::vector<KeyUsage> edwards{KeyUsage::kSign};
  switch (type.family) {
    case KeyFamily::kAes:
      return aes;
    case KeyFamily::kGenericSecret:
      return secret;
    case KeyFamily::kRsa:
      return rsa;
    case KeyFamily::kEc:
      return ec;
    case KeyFamily::kEd25519:
      return edwards;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key type has no family");
}

Mechanism generation_mechanism(const KeyType& type) {
  switch (type.family) {
    case KeyFamily::kAes:
      return Mechanism::aes_key_gen();
    case KeyFamily::kGenericSecret:
      return Mechanism::generic_secret_key_gen();
    case KeyFamily::kRsa:
      return Mechanism::rsa_key_pair_gen();
    case KeyFamily::kEc:
      return Mechanism::ec_key_pair_gen();
    case KeyFamily::kEd25519:
      return Mechanism::eddsa_key_pair_gen();
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key type has no family");
}

KeyTemplates key_templates(const KeyType& type, const KeyTraits& traits, Detail detail) {
  KeyTemplates templates;
  if (type.is_secret()) {
    templates.key = secret_template(type, traits, detail);
  } else {
    templates.key = private_template(type, traits, detail);
    templates.public_half = public_template(type, traits, detail);
  }
  if (detail == Detail::kFull) templates.key.set<Attr::kModifiable>(false);
  return templates;
}

bool refuses_template(const Error& error) {
  constexpr std::array<std::string_view, 5> kAnswers{
      "CKR_ATTRIBUTE_TYPE_INVALID", "CKR_ATTRIBUTE_VALUE_INVALID", "CKR_ATTRIBUTE_READ_ONLY",
      "CKR_TEMPLATE_INCONSISTENT", "CKR_TEMPLATE_INCOMPLETE"};
  return error.ckr() &&
         std::find(kAnswers.begin(), kAnswers.end(), error.ckr()->name) != kAnswers.end();
}

MadeKey make_key(pkcs11::Session& session, const KeyType& type, const KeyTraits& traits,
                 std::string_view what) {
  constexpr std::array kDetails{Detail::kFull, Detail::kUsages, Detail::kShort, Detail::kAllowed};
  std::optional<Error> refusal;
  for (const Detail detail : kDetails) {
    for (const bool again : {false, true}) {
      try {
        return make_by(session, type, key_templates(type, traits, detail), what);
      } catch (const Error& error) {
        // Id and label were free at the first try: what has them now was made by it.
        if (refusal && (error.code() == "id-taken" || error.code() == "label-taken"))
          throw *std::move(refusal);
        const bool gives_no_reason = is_general_error(error);
        if (!gives_no_reason && !refuses_template(error)) throw;
        if (!refusal || !gives_no_reason) refusal = error;
        if (!gives_no_reason || again) break;
      }
    }
  }
  throw *std::move(refusal);
}

const std::vector<Attr>& usage_attributes(ObjectClass object_class) {
  static const std::vector<Attr> secret{Attr::kEncrypt, Attr::kDecrypt, Attr::kWrap,  Attr::kUnwrap,
                                        Attr::kSign,    Attr::kVerify,  Attr::kDerive};
  static const std::vector<Attr> private_half{Attr::kDecrypt, Attr::kUnwrap, Attr::kSign,
                                              Attr::kSignRecover, Attr::kDerive};
  static const std::vector<Attr> public_half{Attr::kEncrypt, Attr::kWrap, Attr::kVerify,
                                             Attr::kVerifyRecover, Attr::kDerive};
  switch (object_class) {
    case ObjectClass::kSecretKey:
      return secret;
    case ObjectClass::kPrivateKey:
      return private_half;
    case ObjectClass::kPublicKey:
      return public_half;
  }
  throw Error(Kind::kInternal, "value-outside-table", "an object has no class");
}

KeyTemplates throwaway_templates(const KeyType& type) {
  const KeyUsage usage = type.family == KeyFamily::kAes ? KeyUsage::kEncrypt : KeyUsage::kSign;
  return key_templates(type, {.token = false, .extractable = true, .usage = usage}, Detail::kShort);
}

crypto::Digest mac_hash_for(unsigned key_bytes) {
  if (key_bytes < 28) return crypto::Digest::kSha1;
  return key_bytes < 32 ? crypto::Digest::kSha224 : crypto::Digest::kSha256;
}

Template unwrapped_template() {
  return Template{}
      .set<Attr::kClass>(ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kEncrypt>(true);
}

crypto::PublicKey read_public_key(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                                  const KeyType& type) {
  switch (type.family) {
    case KeyFamily::kRsa:
      return crypto::PublicKey::from_rsa(
          required(session, handle, Attr::kModulus, "CKA_MODULUS"),
          required(session, handle, Attr::kPublicExponent, "CKA_PUBLIC_EXPONENT"),
          "the token's public key");
    case KeyFamily::kEc:
      return crypto::PublicKey::from_ec_point(type.curve, session.read_ec_point(handle),
                                              "the token's public key");
    case KeyFamily::kEd25519:
      return crypto::PublicKey::from_ed25519(session.read_ec_point(handle),
                                             "the token's public key");
    case KeyFamily::kAes:
    case KeyFamily::kGenericSecret:
      break;
  }
  throw Error(Kind::kInternal, "secret-has-no-public-half", "a secret key has no public half");
}

}  // namespace keyrite::wrap
