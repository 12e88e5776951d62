#include "provider/azure/judge.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "base/text.h"
#include "provider/file_form.h"
#include "provider/name_form.h"

namespace keyrite::provider::azure {
namespace {

Bytes decoded(const JsonView& object, std::string_view field) {
  return from_base64_any(object.text(field), object.at(field).where());
}

// az prints the IV in hex, REST in base64url.
std::string iv_hex(const JsonView& document) {
  const auto iv = document.optional_text("iv");
  if (!iv || iv->empty()) {
    return {};
  }
  const bool is_hex =
      iv->size() % 2 == 0 &&
      std::all_of(iv->begin(), iv->end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  return is_hex ? lower_case(*iv) : to_hex(from_base64_any(*iv, document.at("iv").where()));
}

Curve curve_of(const std::string& name, const JsonView& key) {
  for (const CurveInfo& row : curves()) {
    if (!row.jwk.empty() && row.jwk == name) {
      return row.curve;
    }
  }
  // RFC 8812 writes P-256K so.
  if (name == "secp256k1") {
    return Curve::kSecp256k1;
  }
  throw Error(Kind::kConfig, "curve-unknown",
              key.where() + ": curve \"" + printable(name) + "\" is unknown");
}

bool holds_private_part(const JsonView& key) {
  static constexpr std::array<std::string_view, 7> kPrivate{"d", "p", "q", "dp", "dq", "qi", "k"};
  return std::any_of(kPrivate.begin(), kPrivate.end(),
                     [&](std::string_view name) { return key.find(name).has_value(); });
}

// A wrapping key may do nothing but import.
bool is_wrapping_key(const JsonView& key) {
  const auto ops = key.find("keyOps") ? key.find("keyOps") : key.find("key_ops");
  if (!ops) {
    return false;
  }
  const auto items = ops->items();
  return items.size() == 1 && items.front().text() == "import";
}

// A type of key that the bundle's key is not.
Finding other_type(const Subject& subject, const std::string& kty) {
  return subject.different(Basis::kProviderStatement, "the type of the cloud key is " +
                                                          in_quotes(kty) +
                                                          ", but the token's key is of type " +
                                                          subject.expected->key_type.name());
}

Finding judge_key_value(const Subject& subject, const JsonView& key) {
  const std::string kty = lower_case(key.text("kty"));
  const bool secret = subject.expected->key_type.is_secret();
  if (kty == "oct" || kty == "oct-hsm") {
    return secret ? subject.not_proof(
                        "it shows that the cloud has a secret key, but not which one; the answers "
                        "to the challenges decide")
                  : other_type(subject, kty);
  }
  const bool rsa = kty == "rsa" || kty == "rsa-hsm";
  if (!rsa && kty != "ec" && kty != "ec-hsm") {
    return subject.unreadable("its type " + in_quotes(kty) + " is unknown");
  }
  if (secret) {
    return other_type(subject, kty);
  }
  if (rsa) {
    return check_public_key(
        subject, crypto::PublicKey::from_rsa(decoded(key, "n"), decoded(key, "e"), key.where()));
  }
  const Curve curve = curve_of(key.text("crv"), key);
  return check_public_key(subject, crypto::PublicKey::from_ec(curve, decoded(key, "x"),
                                                              decoded(key, "y"), key.where()));
}

Finding judge_jwk(Subject subject, const JsonView& key) {
  subject.what = "Azure key (JWK)";
  const auto kid = key.optional_text("kid");
  if (kid && !is_bundle_key(*subject.expected, *kid)) {
    return other_key(subject, *kid);
  }
  if (holds_private_part(key)) {
    return subject.unreadable("it contains a private part, which no answer of the cloud does");
  }
  if (is_wrapping_key(key)) {
    return subject.not_proof("it is a key for import only: the wrapping key, not the imported key");
  }
  subject.named = lower_case(kid.value_or(""));
  return judge_key_value(subject, key);
}

// `attestation` stands in the attributes of a Managed HSM key.
bool holds_attestation(const JsonView& document) {
  const auto attributes = document.find("attributes");
  return attributes && attributes->is_object() && attributes->find("attestation");
}

Finding judge_result(Subject subject, const JsonView& document) {
  const std::string algorithm = document.optional_text("algorithm").value_or("");
  if (document.find("signature")) {
    subject.what = "Azure sign " + printable(algorithm);
    const Bytes signature = decoded(document, "signature");
    return subject.expected->signatures.empty()
               ? check_answer(subject, {signature, algorithm, {}}, is_no_decryption)
               : check_signature(subject, signature, algorithm);
  }
  const std::string_view field = document.find("result") ? "result" : "ciphertext";
  const bool has_tag = !document.optional_text("tag").value_or("").empty();
  subject.what = "Azure encrypt or decrypt " + printable(algorithm);
  if (has_tag) {
    return subject.not_proof(
        "it was encrypted with an IV that the service chose, so only the key itself can check it; "
        "the answer of the decrypt command decides");
  }
  return check_answer(subject, {decoded(document, field), algorithm, iv_hex(document)}, any_id);
}

// REST answers {"kid","value"} to every operation and does not say to which.
Finding judge_value(Subject subject, const JsonView& document) {
  subject.what = "Azure REST answer";
  if (!document.optional_text("tag").value_or("").empty()) {
    return subject.not_proof(
        "it was encrypted with an IV that the service chose, so only the key itself can check it; "
        "the answer of the decrypt command decides");
  }
  return check_raw(subject, decoded(document, "value"));
}

Finding judge_document(Subject& subject, const JsonView& document) {
  if (!document.is_object()) {
    return subject.unreadable("it is not an answer of az keyvault that keyrite knows");
  }
  if (document.find("error")) {
    return subject.unreadable("it is an error message, not an answer");
  }
  if (document.find("schema_version") && document.find("ciphertext")) {
    return subject.unreadable("it is the .byok file of a bundle, not an answer");
  }
  if (holds_attestation(document) && !document.find("key")) {
    subject.what = "Azure key attestation";
    return subject.not_proof("this version of keyrite does not judge attestations");
  }
  if (const auto key = document.find("key")) {
    return judge_jwk(subject, *key);
  }
  if (document.find("kty")) {
    return judge_jwk(subject, document);
  }
  const auto kid = document.find("kid") ? document.find("kid") : document.find("keyId");
  if (!kid) {
    if (const auto other = other_client(document, Provider::kAzure)) {
      return subject.unreadable(*other);
    }
    return subject.unreadable("it is not an answer of az keyvault that keyrite knows");
  }
  if (!is_bundle_key(*subject.expected, kid->text())) {
    return other_key(subject, kid->text());
  }
  subject.named = lower_case(kid->text());
  if (document.find("value")) {
    return judge_value(subject, document);
  }
  if (document.find("result") || document.find("ciphertext") || document.find("signature")) {
    return judge_result(subject, document);
  }
  return subject.unreadable("it is not an answer of az keyvault that keyrite knows");
}

}  // namespace

bool is_bundle_key(const Expected& expected, std::string_view kid) {
  if (expected.cloud_key.empty()) {
    return true;
  }
  // Host names and key names are compared without case: Key Vault treats both so.
  const std::string given = lower_case(kid);
  const std::string wanted = lower_case(expected.cloud_key);
  return given == wanted || given.substr(0, wanted.size() + 1) == wanted + "/";
}

Finding judge_answer(const Expected& expected, const JsonEvidence& file) {
  Subject subject{&expected, file.file, "Azure answer"};
  try {
    return judge_document(subject, file.view());
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

}  // namespace keyrite::provider::azure
