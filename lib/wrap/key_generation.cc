#include "wrap/key_generation.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Mechanism;

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

}  // namespace

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

crypto::Digest mac_hash_for(unsigned key_bytes) {
  if (key_bytes < 28) return crypto::Digest::kSha1;
  return key_bytes < 32 ? crypto::Digest::kSha224 : crypto::Digest::kSha256;
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

}  // namespace keyrite::wrap
