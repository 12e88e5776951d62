// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// An answer against the public key that the bundle has.
#include "crypto/digest.h"
#include "provider/answer_check.h"
#include "provider/name_form.h"
#include "provider/signature_check.h"

namespace keyrite::provider {

namespace {

// What would show use of the key: the ids of what the bundle asks.
std::string proof_of(const Expected& expected) {
  std::string ids;
  for (const ExpectedSignature& row : expected.signatures) {
    ids += (ids.empty() ? "" : ", ") + row.id;
  }
  for (const ExpectedAnswer& row : expected.answers) ids += (ids.empty() ? "" : ", ") + row.id;
  return ids.empty() ? "the bundle asks for no use of the key, so no better answer is possible"
                     : "the answer to " + ids + " decides";
}

}  // namespace

Finding check_public_key(const Subject& subject, const crypto::PublicKey& key) {
  const Expected& expected = *subject.expected;
  if (expected.public_key.empty() && !subject.named.empty()) {
    return subject.different(
        Basis::kProviderStatement,
        "the cloud key has a public key, but the key of the bundle is a secret key (" +
            expected.key_type.name() + ")");
  }
  if (expected.public_key.empty()) {
    return subject.not_proof("it is a public key, but the key of the bundle is a secret key (" +
                             expected.key_type.name() + ") and has none");
  }
  const auto own = crypto::PublicKey::from_spki(expected.public_key, "expected.json");
  if (key == own) {
    return subject.consistent("it is the token's public key (SHA-256 " + own.sha256() +
                              "), which the bundle contains too, so it does not show an import; " +
                              proof_of(expected));
  }
  if (!(key.type() == own.type())) {
    return subject.different(Basis::kProviderStatement, "it is of type " + key.type().name() +
                                                            ", but the token's key is of type " +
                                                            own.type().name());
  }
  return subject.different(Basis::kProviderStatement, "it is a different public key (SHA-256 " +
                                                          key.sha256() + ") from the token's (" +
                                                          own.sha256() + ")");
}

Finding check_signature(const Subject& subject, ByteView signature, const std::string& algorithm) {
  const Expected& expected = *subject.expected;
  if (expected.signatures.empty()) {
    return subject.not_proof("the bundle expects no signature");
  }
  const auto key = crypto::PublicKey::from_spki(expected.public_key, "expected.json");
  if (!signature_size_fits(key, signature)) {
    return subject.unreadable("it has " + std::to_string(signature.size()) +
                              " bytes; no signature by a key of type " + key.type().name() +
                              " has");
  }
  bool tried = false;
  for (const ExpectedSignature& row : expected.signatures) {
    if (!algorithm.empty() && row.algorithm != algorithm) {
      continue;
    }
    tried = true;
    if (signature_verifies(key, row.id, expected.challenge, signature)) {
      return subject.equal(
          Basis::kCryptographic,
          subject.with_name("it is a signature (" + row.algorithm +
                            ") over the challenge that the token's public key verifies"));
    }
  }
  if (!tried) {
    return subject.not_proof("it was made with " + in_quotes(algorithm) +
                             ", but the bundle asks for " + expected.signatures.front().algorithm);
  }
  if (is_text_throughout(signature)) return subject.only_text();
  return subject.different(
      Basis::kCryptographic,
      "the token's public key does not verify it over the challenge: the cloud key is a different "
      "one, or signed something other than challenge.bin");
}

}  // namespace keyrite::provider
