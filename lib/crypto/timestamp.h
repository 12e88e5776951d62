// Timestamps (RFC 3161): an authority signs the time at which it saw the SHA-256 of something.
// Makes queries, and verifies replies at the time that they state, since the authority's
// certificate expires while the timestamp is still needed. Values and pure functions over OpenSSL;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::crypto {

// A TimeStampReq in DER over SHA-256 of `content`, with a random nonce of 64 bits, which asks for
// the authority's certificate. Error kInternal "openssl".
[[nodiscard]] Bytes timestamp_query(ByteView content);

struct TimestampReply {
  Bytes der{};
  Bytes imprint{};               // the SHA-256 of what was stamped
  std::optional<Bytes> nonce{};  // big-endian
  TimePoint time{};              // genTime, whole seconds
};
// Reads a TimeStampResp; nothing is verified. Errors kVerification: "timestamp-reply-invalid" (no
// such DER, something after it, a token that is none), "timestamp-bare-token" (a TimeStampToken
// without its response), "timestamp-other-hash" (about another hash than SHA-256),
// "timestamp-rejected" (the authority granted none, and why).
[[nodiscard]] TimestampReply parse_timestamp_reply(ByteView der, std::string_view origin);

// PEM texts: whom to trust, and, where the reply has not all of them, the certificates between.
struct TimestampTrust {
  std::string ca{};
  std::string chain{};
};
// The reply is to this query, over this content, and signed by an authority that was trusted and
// valid at the reply's time, for timestamping: the checks of openssl ts -verify (RFC 3161 section
// 2.2). Errors kVerification: "timestamp-other-content", "timestamp-nonce-wrong",
// "timestamp-untrusted" (no chain to the CA at that time, another purpose), and the others of
// refuse_unverified, each with its own code; kConfig "timestamp-ca-invalid" (no certificate in a
// PEM text), "timestamp-query-invalid".
void require_timestamp(const TimestampReply& reply, ByteView query, ByteView content,
                       const TimestampTrust& trust);

}  // namespace keyrite::crypto
