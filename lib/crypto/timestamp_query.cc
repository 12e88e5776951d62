// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <ctime>

#include "crypto/digest.h"
#include "crypto/internal/openssl.h"
#include "crypto/random.h"
#include "crypto/timestamp.h"

namespace keyrite::crypto {

namespace {

using TsReqPtr = std::unique_ptr<TS_REQ, Free<TS_REQ_free>>;
using ImprintPtr = std::unique_ptr<TS_MSG_IMPRINT, Free<TS_MSG_IMPRINT_free>>;
using AlgorPtr = std::unique_ptr<X509_ALGOR, Free<X509_ALGOR_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>>;

constexpr std::size_t kNonceBytes = 8;

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

}  // namespace keyrite::crypto
