// token-check: what keys can be used for, and what the token protects.
#include "act/known_key.h"
#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/check_value.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "keys/check_value_attribute.h"
#include "token_check/internal/token_probe.h"
#include "wrap/key_generation.h"
#include "wrap/origin_test.h"
#include "wrap/protection.h"
#include "wrap/sealing.h"
#include "wrap/session_object.h"

namespace keyrite::token_check {

namespace {

using pkcs11::Mechanism;

KeyType secret_of(unsigned bytes) { return {.family = KeyFamily::kGenericSecret, .size = bytes}; }

Finding compare(const Bytes& inside, const Bytes& outside) {
  return inside == outside ? works("as computed on the host")
                           : lies("CKR_OK, but the host computes something else");
}

Finding try_aes(TokenUnderTest& token, bool cbc) {
  const act::KnownKey key(token.session, kAes256);
  if (!key.known()) return not_tried_as("no throw-away key of a known value", key.why_not());
  const Bytes iv = crypto::random_bytes(crypto::kAesBlockBytes);
  const Bytes text = crypto::random_bytes(2 * crypto::kAesBlockBytes);
  const auto mechanism = cbc ? Mechanism::aes_cbc(iv) : Mechanism::aes_ecb();
  return compare(token.session.encrypt(mechanism, key.handle(), text, "encrypting"),
                 cbc ? crypto::aes_cbc_encrypt(key.value(), iv, text)
                     : crypto::aes_ecb_encrypt(key.value(), text));
}

constexpr std::array<crypto::Digest, 5> kMacs{crypto::Digest::kSha1, crypto::Digest::kSha224,
                                              crypto::Digest::kSha256, crypto::Digest::kSha384,
                                              crypto::Digest::kSha512};

Finding try_mac(TokenUnderTest& token, crypto::Digest hash) {
  const act::KnownKey key(token.session, secret_of(64));
  if (!key.known()) return not_tried_as("no throw-away key of a known value", key.why_not());
  const Bytes text = crypto::random_bytes(crypto::kAesBlockBytes);
  return compare(token.session.sign(Mechanism::hmac(hash), key.handle(), text, "computing a MAC"),
                 crypto::hmac(hash, key.value(), text));
}

Finding try_digest_key(TokenUnderTest& token) {
  const act::KnownKey key(token.session, secret_of(32));
  if (!key.known()) return not_tried_as("no throw-away key of a known value", key.why_not());
  return compare(token.session.digest_key(Mechanism::digest(crypto::Digest::kSha256), key.handle(),
                                          "digesting a key"),
                 crypto::sha256(key.value()));
}

Finding try_key_check_value(TokenUnderTest& token, const KeyType& type) {
  const act::KnownKey key(token.session, type);
  if (!key.known()) return not_tried_as("no throw-away key of a known value", key.why_not());
  const auto digest = pkcs11::Mechanism::digest(crypto::Digest::kSha256);
  const auto inside = crypto::hkdf_sha256([&](ByteView pad) {
    return token.session.digest_key(digest, pad, key.handle(), "computing a check value");
  });
  const auto outside = crypto::hkdf_sha256([&](ByteView pad) {
    Bytes message(pad.begin(), pad.end());
    message.insert(message.end(), key.value().begin(), key.value().end());
    return crypto::sha256(message);
  });
  return inside == outside ? works("by C_DigestKey, as computed on the host")
                           : lies("CKR_OK, but the host computes something else");
}

Finding try_sealing(TokenUnderTest& token) {
  const act::KnownKey key(token.session, kAes256);
  if (!key.known()) return not_tried_as("no throw-away key of a known value", key.why_not());
  std::string fault = wrap::sealing_fault(token.session, key.handle(), key.value());
  if (fault.empty()) return works("sealed as the host does, and refused with another header");
  return {.outcome = wrap::Outcome::kLies,
          .detail = std::move(fault),
          .how = act::Words("not as AES-GCM is")};
}

struct SignatureRow {
  KeyType type{};
  Mechanism mechanism;
  crypto::SignatureScheme scheme{};
  enum class Input { kText, kDigest, kDigestInfo } input{};  // what the mechanism signs
};

Bytes input_of(SignatureRow::Input input, ByteView text) {
  switch (input) {
    case SignatureRow::Input::kText:
      return {text.begin(), text.end()};
    case SignatureRow::Input::kDigest:
      return crypto::sha256(text);
    case SignatureRow::Input::kDigestInfo:
      return crypto::sha256_digest_info(crypto::sha256(text));
  }
  throw Error(Kind::kInternal, "value-outside-table", "a signature signs nothing");
}

Finding try_signature(TokenUnderTest& token, const SignatureRow& row) {
  const auto templates = wrap::throwaway_templates(row.type);
  const auto pair =
      token.session.generate_key_pair(wrap::generation_mechanism(row.type), templates.public_half,
                                      templates.key, "making a throw-away key pair");
  const wrap::SessionObject public_half(token.session, pair.public_key);
  const wrap::SessionObject private_half(token.session, pair.private_key);
  const Bytes text = crypto::random_bytes(crypto::kAesBlockBytes);
  const Bytes signature =
      token.session.sign(row.mechanism, pair.private_key, input_of(row.input, text), "signing");
  const auto key = wrap::read_public_key(token.session, pair.public_key, row.type);
  return crypto::verify_signature(key, row.scheme, crypto::Digest::kSha256, text, signature)
             ? works("verified on the host")
             : lies("CKR_OK, but the host cannot verify the signature");
}

Finding try_check_value(TokenUnderTest& token) {
  switch (keys::check_value_attribute(token.session, kAes256)) {
    case keys::CheckValueAttribute::kRight:
      return works("the first 3 bytes of AES of the zero block");
    case keys::CheckValueAttribute::kWrong:
      return lies("not AES of the zero block");
    case keys::CheckValueAttribute::kAbsent:
      return refused("the token has no CKA_CHECK_VALUE for it");
  }
  throw Error(Kind::kInternal, "value-outside-table", "a check value has no finding");
}

Finding from_enforcement(wrap::Enforcement enforcement) {
  switch (enforcement) {
    case wrap::Enforcement::kEnforced:
      return works("C_WrapKey refuses it");
    case wrap::Enforcement::kNotEnforced:
      return lies("the attribute is stored, but C_WrapKey wraps it all the same");
    case wrap::Enforcement::kUnknown:
      return not_tried("cannot be tried on this token: no refusal, or none that is about the key");
  }
  throw Error(Kind::kInternal, "value-outside-table", "a protection has no finding");
}

Finding try_local(TokenUnderTest& token, const KeyType& type) {
  switch (wrap::local_word(token.session, type)) {
    case wrap::OriginWord::kTells:
      return works("true of a key it made, false of one that was put in");
    case wrap::OriginWord::kSilent:
      return lies("not true of a key that the token made");
    case wrap::OriginWord::kBelieves:
      return lies("true of a key that was put in");
    case wrap::OriginWord::kUntried:
      return not_tried("no key could be made, or none put in");
  }
  throw Error(Kind::kInternal, "value-outside-table", "a token's word has no finding");
}

}  // namespace

std::vector<Probe> use_probes() {
  std::vector<Probe> probes{
      {"use", act::Words("AES-ECB"), [](TokenUnderTest& token) { return try_aes(token, false); }},
      {"use", act::Words("AES-CBC"), [](TokenUnderTest& token) { return try_aes(token, true); }}};
  for (const auto hash : kMacs) {
    probes.push_back({"use", act::Words::of(Mechanism::hmac(hash)),
                      [hash](TokenUnderTest& token) { return try_mac(token, hash); }});
  }
  const KeyType rsa{.family = KeyFamily::kRsa, .size = 2048};
  std::vector<SignatureRow> signatures;
  for (const auto& curve : curves()) {
    signatures.push_back({{.family = KeyFamily::kEc, .size = 0, .curve = curve.curve},
                          Mechanism::ecdsa(),
                          crypto::SignatureScheme::kEcdsa,
                          SignatureRow::Input::kDigest});
  }
  signatures.push_back({{.family = KeyFamily::kEd25519},
                        Mechanism::eddsa(),
                        crypto::SignatureScheme::kEd25519,
                        SignatureRow::Input::kText});
  signatures.push_back({rsa, Mechanism::rsa_pkcs(), crypto::SignatureScheme::kRsaPkcs1,
                        SignatureRow::Input::kDigestInfo});
  signatures.push_back({rsa, Mechanism::rsa_pss(crypto::Digest::kSha256),
                        crypto::SignatureScheme::kRsaPss, SignatureRow::Input::kDigest});
  for (const auto& row : signatures) {
    probes.push_back({"use",
                      act::Words::of(row.mechanism) + act::Words(", ") + act::Words::of(row.type),
                      [row](TokenUnderTest& token) { return try_signature(token, row); }});
  }
  probes.push_back({"use", act::Words("CKA_CHECK_VALUE, aes-256"), try_check_value});
  probes.push_back({"use", act::Words("C_DigestKey, secret key"), try_digest_key});
  for (const auto& type : {kAes256, secret_of(32)}) {
    probes.push_back({"use", act::Words("EKCV, ") + act::Words::of(type),
                      [type](TokenUnderTest& token) { return try_key_check_value(token, type); }});
  }
  probes.push_back({"use", act::Words("AES-GCM, sealed secret"), try_sealing});
  return probes;
}

std::vector<Probe> protection_probes() {
  return {{"protect", act::Words("CKA_EXTRACTABLE=false"),
           [](TokenUnderTest& token) {
             return from_enforcement(wrap::unextractable_stays(token.session));
           }},
          {"protect", act::Words("CKA_LOCAL, secret key"),
           [](TokenUnderTest& token) { return try_local(token, kAes256); }},
          {"protect", act::Words("CKA_LOCAL, private key"),
           [](TokenUnderTest& token) {
             return try_local(token, {.family = KeyFamily::kRsa, .size = 2048});
           }},
          {"protect", act::Words("CKA_WRAP_WITH_TRUSTED=true"), [](TokenUnderTest& token) {
             return from_enforcement(wrap::untrusted_is_refused(token.session));
           }}};
}

}  // namespace keyrite::token_check
