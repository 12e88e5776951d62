// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What comes to be in a token, and what is removed from it again.
#include <cstring>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/attribute_array.h"
#include "pkcs11/internal/call_arguments.h"
#include "pkcs11/internal/mechanism_data.h"
#include "pkcs11/internal/returned_handle.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

ObjectHandle Session::generate_key(const Mechanism& mechanism, const Template& wanted,
                                   std::string_view what) {
  require_unused(wanted);
  MechanismData data(mechanism);
  AttributeArray attributes(wanted);
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_GenerateKey, handle_.value(), data.get(), attributes.data(),
             attributes.size(), &key)
      .expect_ok(what);
  return returned_handle(key, "C_GenerateKey", what);
}

KeyPair Session::generate_key_pair(const Mechanism& mechanism, const Template& public_half,
                                   const Template& private_half, std::string_view what) {
  require_unused(public_half);
  require_unused(private_half);
  MechanismData data(mechanism);
  AttributeArray public_attributes(public_half);
  AttributeArray private_attributes(private_half);
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_GenerateKeyPair, handle_.value(), data.get(),
             public_attributes.data(), public_attributes.size(), private_attributes.data(),
             private_attributes.size(), &public_key, &private_key)
      .expect_ok(what);
  return {returned_handle(public_key, "C_GenerateKeyPair", what),
          returned_handle(private_key, "C_GenerateKeyPair", what)};
}

ObjectHandle Session::create_object(const Template& wanted, std::string_view what) {
  require_unused(wanted);
  AttributeArray attributes(wanted);
  CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_CreateObject, handle_.value(), attributes.data(), attributes.size(),
             &object)
      .expect_ok(what);
  return returned_handle(object, "C_CreateObject", what);
}

ObjectHandle Session::create_secret(const Template& wanted, const crypto::SecretBytes& value,
                                    std::string_view what) {
  require_unused(wanted);
  AttributeArray attributes(wanted);
  // The value goes straight from locked memory to the token and never into a Template, which is
  // copied and printed.
  attributes.add(CKA_VALUE, in(value.reveal()), value.size());
  CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_CreateObject, handle_.value(), attributes.data(), attributes.size(),
             &object)
      .expect_ok(what);
  return returned_handle(object, "C_CreateObject", what);
}

void Session::destroy_object(ObjectHandle object, std::string_view what) {
  KEYRITE_CK(*token_.api(), C_DestroyObject, handle_.value(), raw(object)).expect_ok(what);
}

void Session::discard(ObjectHandle object) noexcept {
  try {
    destroy_object(object, "removing a throw-away object");
  } catch (const Error& error) {
    if (!undestroyed_) undestroyed_ = error;
  } catch (...) {
    return;
  }
}

}  // namespace keyrite::pkcs11
