// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What reading and verifying a timestamp share. Pure, any thread.
#pragma once

#include <openssl/ts.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

using TsRespPtr = std::unique_ptr<TS_RESP, Free<TS_RESP_free>>;

// Error kVerification `code`, with what OpenSSL said cleared.
[[noreturn]] void refuse_stamp(const char* code, std::string why, const char* hint);
[[nodiscard]] Bytes integer_bytes(const ASN1_INTEGER* integer);
// Errors kVerification "timestamp-reply-invalid", "timestamp-bare-token".
[[nodiscard]] TsRespPtr decode_reply(ByteView der, std::string_view origin);

}  // namespace keyrite::crypto
