// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;

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
