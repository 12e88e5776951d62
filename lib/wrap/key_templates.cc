// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// How a key is asked for: what the templates say.
#include <algorithm>

#include "base/error.h"
#include "wrap/key_generation.h"

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

}  // namespace

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

Template unwrapped_template() {
  return Template{}
      .set<Attr::kClass>(ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kEncrypt>(true);
}

}  // namespace keyrite::wrap
