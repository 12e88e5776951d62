// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What OpenSSL holds as a public key, and whether it is one that keyrite handles. Pure, any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/key_type.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

// Errors kConfig, with what OpenSSL said cleared: `code`, "public-key-invalid",
// "public-key-unsupported".
[[noreturn]] void refuse_key(std::string code, std::string_view origin, std::string_view why,
                             std::string hint);
[[noreturn]] void refuse_invalid_key(std::string_view origin, std::string_view why);

// Errors as refuse_invalid_key.
void require_point(EVP_PKEY* key, std::string_view origin);
void require_rsa_numbers(const EVP_PKEY* key, std::string_view origin);
// The two above, by the key's type. Error kConfig also "public-key-unsupported".
void require_supported(EVP_PKEY* key, std::string_view origin);

// kNone: no curve, or one that keyrite does not handle.
[[nodiscard]] Curve curve_of(const EVP_PKEY* key);
// A number of an RSA key, big-endian.
[[nodiscard]] Bytes big_number(const EVP_PKEY* key, const char* name);
// SubjectPublicKeyInfo, with a point in the form that the key has.
[[nodiscard]] Bytes encoded_as_is(const EVP_PKEY* key);
// The same with a point that is uncompressed: one form for comparisons, however the point came.
[[nodiscard]] Bytes canonical_spki(EVP_PKEY* key);
[[nodiscard]] std::shared_ptr<EVP_PKEY> shared(PkeyPtr key);

}  // namespace keyrite::crypto
