#include "crypto/timestamp.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/timestamp_fault.h"
#include "crypto/internal/timestamp_parts.h"

namespace keyrite::crypto {

namespace {

using TsReqPtr = std::unique_ptr<TS_REQ, Free<TS_REQ_free>>;
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using TrustPtr = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using VerifyCtxPtr = std::unique_ptr<TS_VERIFY_CTX, Free<TS_VERIFY_CTX_free>>;
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), FreeStack>;

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
