#include "crypto/timestamp.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/timestamp_fault.h"
#include "crypto/random.h"

namespace keyrite::crypto {
namespace {

using TsReqPtr = std::unique_ptr<TS_REQ, Free<TS_REQ_free>>;
using TsRespPtr = std::unique_ptr<TS_RESP, Free<TS_RESP_free>>;
using ImprintPtr = std::unique_ptr<TS_MSG_IMPRINT, Free<TS_MSG_IMPRINT_free>>;
using AlgorPtr = std::unique_ptr<X509_ALGOR, Free<X509_ALGOR_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>>;
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using TrustPtr = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using TokenPtr = std::unique_ptr<PKCS7, Free<PKCS7_free>>;
using VerifyCtxPtr = std::unique_ptr<TS_VERIFY_CTX, Free<TS_VERIFY_CTX_free>>;
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::size_t kNonceBytes = 8;

[[noreturn]] void refuse_stamp(const char* code, std::string why, const char* hint) {
  ERR_clear_error();
  throw Error(Kind::kVerification, code, std::move(why), hint);
}

[[noreturn]] void invalid_reply(std::string_view origin, std::string_view why) {
  refuse_stamp("timestamp-reply-invalid",
               fmt::format("{} is not a timestamp reply: {}", printable(origin), why),
               "give the .tsr file as the authority sent it");
}

Bytes integer_bytes(const ASN1_INTEGER* integer) {
  const BnPtr number(ASN1_INTEGER_to_BN(integer, nullptr));
  if (!number) openssl_failed("reading a number");
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}

ImprintPtr imprint_of(ByteView content) {
  ImprintPtr imprint(TS_MSG_IMPRINT_new());
  const AlgorPtr algorithm(X509_ALGOR_new());
  if (!imprint || !algorithm) openssl_failed("making a timestamp query");
  X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
  Bytes hash = sha256(content);
  require_openssl(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()), "naming the hash");
  require_openssl(TS_MSG_IMPRINT_set_msg(imprint.get(), hash.data(), static_cast<int>(hash.size())),
                  "setting the hash");
  return imprint;
}

// Never with a first byte of zero, so that its length is always the same.
IntegerPtr random_nonce() {
  Bytes bytes = random_bytes(kNonceBytes);
  bytes.front() |= 1U;
  const BnPtr number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  if (!number) openssl_failed("making a nonce");
  IntegerPtr nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  if (!nonce) openssl_failed("making a nonce");
  return nonce;
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

// All certificates of a PEM text.
StackPtr certificates_in(const std::string& pem, std::string_view what) {
  StackPtr stack(sk_X509_new_null());
  const BioPtr source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!stack || !source) openssl_failed("reading certificates");
  while (X509Ptr one{PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)}) {
    if (sk_X509_push(stack.get(), one.get()) == 0) openssl_failed("reading certificates");
    (void)one.release();
  }
  ERR_clear_error();
  if (sk_X509_num(stack.get()) == 0) {
    throw Error(Kind::kConfig, "timestamp-ca-invalid",
                fmt::format("the {} has no PEM certificate", what),
                "give the timestamp authority's certificates in PEM");
  }
  return stack;
}

// Timestamping is the purpose that OpenSSL's verification sets itself, where none is set here.
TrustPtr trusted_at(const std::string& ca, TimePoint when) {
  TrustPtr store(X509_STORE_new());
  if (!store) openssl_failed("making a store of certificates");
  const StackPtr authorities = certificates_in(ca, "timestamp CA");
  for (int i = 0; i < sk_X509_num(authorities.get()); ++i) {
    require_openssl(X509_STORE_add_cert(store.get(), sk_X509_value(authorities.get(), i)),
                    "adding an authority");
  }
  X509_VERIFY_PARAM_set_time(
      X509_STORE_get0_param(store.get()),
      std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
  return store;
}

TsReqPtr decode_query(ByteView query) {
  const unsigned char* at = query.data();
  TsReqPtr asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(query.size())));
  ERR_clear_error();
  if (!asked || TS_REQ_get_nonce(asked.get()) == nullptr) {
    throw Error(Kind::kConfig, "timestamp-query-invalid",
                "the stored query is not a timestamp query with a nonce",
                "make a new query with keyrite transcript timestamp request, and send that");
  }
  return asked;
}

// OpenSSL 3.4 names the setters by what they do: both take what they are given.
void give_trust(TS_VERIFY_CTX* checks, TrustPtr store, StackPtr between) {
#if OPENSSL_VERSION_PREREQ(3, 4)
  (void)TS_VERIFY_CTX_set0_store(checks, store.release());
  if (between) (void)TS_VERIFY_CTX_set0_certs(checks, between.release());
#else
  (void)TS_VERIFY_CTX_set_store(checks, store.release());
  if (between) (void)TS_VERIFY_CTX_set_certs(checks, between.release());
#endif
}

// All that openssl ts -verify checks for a query: version, imprint, nonce, the name of the
// authority against its certificate, and the signature.
VerifyCtxPtr checks_of(ByteView query, const TimestampTrust& trust, TimePoint when) {
  const TsReqPtr asked = decode_query(query);
  VerifyCtxPtr checks(TS_REQ_to_TS_VERIFY_CTX(asked.get(), nullptr));
  if (!checks) openssl_failed("preparing to verify a timestamp");
  // OpenSSL leaves the signature out of what it takes from a query.
  (void)TS_VERIFY_CTX_add_flags(checks.get(), TS_VFY_SIGNATURE);
  StackPtr between =
      trust.chain.empty() ? nullptr : certificates_in(trust.chain, "timestamp chain");
  give_trust(checks.get(), trusted_at(trust.ca, when), std::move(between));
  return checks;
}

void require_nonce(const TimestampReply& reply, ByteView query) {
  const TsReqPtr asked = decode_query(query);
  if (reply.nonce && *reply.nonce == integer_bytes(TS_REQ_get_nonce(asked.get()))) return;
  refuse_stamp("timestamp-nonce-wrong",
               reply.nonce ? "the timestamp reply has another nonce than the query"
                           : "the query has a nonce, and the timestamp reply has none",
               "give the reply to the query that was made last for this checkpoint");
}

}  // namespace

Bytes timestamp_query(ByteView content) {
  const TsReqPtr query(TS_REQ_new());
  if (!query) openssl_failed("making a timestamp query");
  const ImprintPtr imprint = imprint_of(content);
  const IntegerPtr nonce = random_nonce();
  require_openssl(TS_REQ_set_version(query.get(), 1), "setting the version");
  require_openssl(TS_REQ_set_msg_imprint(query.get(), imprint.get()), "setting the imprint");
  require_openssl(TS_REQ_set_nonce(query.get(), nonce.get()), "setting the nonce");
  require_openssl(TS_REQ_set_cert_req(query.get(), 1), "asking for the certificate");
  unsigned char* der = nullptr;
  const int size = i2d_TS_REQ(query.get(), &der);
  if (size <= 0) openssl_failed("writing a timestamp query");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
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

void require_timestamp(const TimestampReply& reply, ByteView query, ByteView content,
                       const TimestampTrust& trust) {
  if (reply.imprint != sha256(content)) {
    refuse_stamp("timestamp-other-content", "the timestamp reply is not about this checkpoint",
                 "give the reply to the query of this checkpoint");
  }
  require_nonce(reply, query);
  const TsRespPtr whole = decode_reply(reply.der, "the reply");
  require_verifiable_algorithm(TS_RESP_get_token(whole.get()));
  const VerifyCtxPtr checks = checks_of(query, trust, reply.time);
  ERR_clear_error();
  if (TS_RESP_verify_response(checks.get(), whole.get()) == 1) return;
  refuse_unverified(reply.time);
}

}  // namespace keyrite::crypto
