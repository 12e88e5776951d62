// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/timestamp_fault.h"
#include "crypto/internal/timestamp_parts.h"
#include "crypto/timestamp.h"

namespace keyrite::crypto {

namespace {

using TokenPtr = std::unique_ptr<PKCS7, Free<PKCS7_free>>;

[[noreturn]] void invalid_reply(std::string_view origin, std::string_view why) {
  refuse_stamp("timestamp-reply-invalid",
               fmt::format("{} is not a timestamp reply: {}", printable(origin), why),
               "give the .tsr file as the authority sent it");
}

// RFC 3161 section 2.4.2: the token is what a TimeStampResp holds; some authorities and archives
// give it alone.
bool is_bare_token(ByteView der) {
  const unsigned char* at = der.data();
  const TokenPtr token(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  if (!token || PKCS7_type_is_signed(token.get()) == 0) return false;
  const PKCS7* content = token->d.sign->contents;
  return content != nullptr && OBJ_obj2nid(content->type) == NID_id_smime_ct_TSTInfo;
}

std::string status_text(TS_STATUS_INFO* info) {
  std::string text = fmt::format("status {}", ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info)));
  const STACK_OF(ASN1_UTF8STRING)* lines = TS_STATUS_INFO_get0_text(info);
  for (int i = 0; lines != nullptr && i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const ASN1_UTF8STRING* line = sk_ASN1_UTF8STRING_value(lines, i);
    text += ": " + printable(as_text({ASN1_STRING_get0_data(line),
                                      static_cast<std::size_t>(ASN1_STRING_length(line))}));
  }
  return text;
}

void require_granted(TS_RESP* reply, std::string_view origin) {
  TS_STATUS_INFO* info = TS_RESP_get_status_info(reply);
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
  if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS) return;
  refuse_stamp("timestamp-rejected",
               fmt::format("{} says that the timestamp authority refused the query: {}",
                           printable(origin), status_text(info)),
               "ask the authority for the reason, then send the query again");
}

TimePoint moment_of(const ASN1_GENERALIZEDTIME* when, std::string_view origin) {
  std::tm parts{};
  if (when == nullptr || ASN1_TIME_to_tm(when, &parts) != 1)
    invalid_reply(origin, "its time is none");
  return TimePoint(std::chrono::seconds(timegm(&parts)));
}

Bytes imprint_in(TS_MSG_IMPRINT* imprint, std::string_view origin) {
  const ASN1_OBJECT* hash = nullptr;
  X509_ALGOR_get0(&hash, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  if (OBJ_obj2nid(hash) != NID_sha256) {
    refuse_stamp("timestamp-other-hash",
                 fmt::format("{} uses the hash {}, and the query uses SHA-256", printable(origin),
                             object_name(hash)),
                 "send the query as transcript timestamp request wrote it");
  }
  const ASN1_OCTET_STRING* bytes = TS_MSG_IMPRINT_get_msg(imprint);
  const unsigned char* data = ASN1_STRING_get0_data(bytes);
  return {data, data + ASN1_STRING_length(bytes)};
}

}  // namespace

void refuse_stamp(const char* code, std::string why, const char* hint) {
  ERR_clear_error();
  throw Error(Kind::kVerification, code, std::move(why), hint);
}

Bytes integer_bytes(const ASN1_INTEGER* integer) {
  const BnPtr number(ASN1_INTEGER_to_BN(integer, nullptr));
  if (!number) openssl_failed("reading a number");
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}

TsRespPtr decode_reply(ByteView der, std::string_view origin) {
  const unsigned char* at = der.data();
  TsRespPtr reply(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  if (!reply && is_bare_token(der)) {
    refuse_stamp(
        "timestamp-bare-token",
        fmt::format("{} is a time-stamp token without the response around it", printable(origin)),
        "give the whole response of the authority, with content type application/timestamp-reply");
  }
  if (!reply) invalid_reply(origin, "it is not DER of a TimeStampResp");
  if (at != der.data() + der.size()) invalid_reply(origin, "something follows it");
  return reply;
}

TimestampReply parse_timestamp_reply(ByteView der, std::string_view origin) {
  const TsRespPtr reply = decode_reply(der, origin);
  require_granted(reply.get(), origin);
  TS_TST_INFO* info = TS_RESP_get_tst_info(reply.get());
  if (info == nullptr) invalid_reply(origin, "it contains no timestamp");
  TimestampReply parsed{.der = {der.begin(), der.end()},
                        .imprint = imprint_in(TS_TST_INFO_get_msg_imprint(info), origin),
                        .time = moment_of(TS_TST_INFO_get_time(info), origin)};
  if (const ASN1_INTEGER* nonce = TS_TST_INFO_get_nonce(info)) parsed.nonce = integer_bytes(nonce);
  return parsed;
}

}  // namespace keyrite::crypto
