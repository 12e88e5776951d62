// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <p11-kit/uri.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "pkcs11/internal/api.h"
#include "pkcs11/internal/padded_text.h"
#include "pkcs11/internal/token_info.h"
#include "pkcs11/internal/uri.h"
#include "pkcs11/token.h"

namespace keyrite::pkcs11 {

namespace {

bool has(CK_FLAGS flags, CK_FLAGS flag) { return (flags & flag) != 0; }

TokenFlags flags_of(CK_FLAGS f) {
  return {.initialized = has(f, CKF_TOKEN_INITIALIZED),
          .login_required = has(f, CKF_LOGIN_REQUIRED),
          .user_pin_initialized = has(f, CKF_USER_PIN_INITIALIZED),
          .protected_authentication_path = has(f, CKF_PROTECTED_AUTHENTICATION_PATH),
          .write_protected = has(f, CKF_WRITE_PROTECTED),
          .user = {has(f, CKF_USER_PIN_COUNT_LOW), has(f, CKF_USER_PIN_FINAL_TRY),
                   has(f, CKF_USER_PIN_LOCKED), has(f, CKF_USER_PIN_TO_BE_CHANGED)},
          .so = {has(f, CKF_SO_PIN_COUNT_LOW), has(f, CKF_SO_PIN_FINAL_TRY),
                 has(f, CKF_SO_PIN_LOCKED), has(f, CKF_SO_PIN_TO_BE_CHANGED)}};
}

std::string version_text(const CK_VERSION& version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

std::size_t pin_length(CK_ULONG length) {
  return length == CK_UNAVAILABLE_INFORMATION ? 0 : length;
}

}  // namespace

CK_TOKEN_INFO raw_of(const TokenInfo& info) {
  CK_TOKEN_INFO raw{};
  pad(raw.label, info.label);
  pad(raw.manufacturerID, info.manufacturer);
  pad(raw.model, info.model);
  pad(raw.serialNumber, info.serial);
  return raw;
}

TokenInfo info_of(const CK_TOKEN_INFO& raw) {
  return {.label = padded_text(raw.label),
          .manufacturer = padded_text(raw.manufacturerID),
          .model = padded_text(raw.model),
          .serial = padded_text(raw.serialNumber),
          .hardware_version = version_text(raw.hardwareVersion),
          .firmware_version = version_text(raw.firmwareVersion),
          .flags = flags_of(raw.flags),
          .shortest_pin = pin_length(raw.ulMinPinLen),
          .longest_pin = pin_length(raw.ulMaxPinLen)};
}

std::string TokenInfo::uri() const {
  const UriPointer uri(p11_kit_uri_new());
  *p11_kit_uri_get_token_info(uri.get()) = raw_of(*this);
  char* text = nullptr;
  if (p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_TOKEN, &text) != P11_KIT_URI_OK)
    return "pkcs11:";
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return text;
}

}  // namespace keyrite::pkcs11
