// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a token says of itself, out of the struct of Cryptoki and back. Pure, any thread. Internal
// to pkcs11.
#pragma once

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "pkcs11/token.h"

namespace keyrite::pkcs11 {

[[nodiscard]] TokenInfo info_of(const CK_TOKEN_INFO& raw);
// What a URI of a token names.
[[nodiscard]] CK_TOKEN_INFO raw_of(const TokenInfo& info);

// Cryptoki's texts have no end: blanks fill them.
template <std::size_t size>
// NOLINTNEXTLINE(modernize-avoid-c-arrays): the structs of Cryptoki hold them
void pad(CK_UTF8CHAR (&field)[size], const std::string& text) {
  std::memset(field, ' ', size);
  std::memcpy(field, text.data(), std::min(text.size(), size));
}

}  // namespace keyrite::pkcs11
