#include "crypto/internal/timestamp_fault.h"

#include <openssl/err.h>
#include <openssl/esserr.h>
#include <openssl/pkcs7.h>
#include <openssl/pkcs7err.h>
#include <openssl/tserr.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::crypto {
namespace {

struct FaultRow {
  int library{};
  int reason{};
  const char* code{};
  const char* why{};
  const char* hint{};
};

constexpr const char* kAskAuthority =
    "ask the authority for timestamps that openssl ts -verify accepts, or use another authority";
constexpr const char* kGiveCa =
    "give the CA of this authority with --ca, and the intermediate certificates with --chain";

constexpr std::array<FaultRow, 12> kFaults{{
    {ERR_LIB_PKCS7, PKCS7_R_SIGNER_CERTIFICATE_NOT_FOUND, "timestamp-untrusted",
     "the reply does not contain the certificate of its signer", kGiveCa},
    {ERR_LIB_TS, TS_R_CERTIFICATE_VERIFY_ERROR, "timestamp-untrusted",
     "the certificate of the timestamp authority does not chain to the CA", kGiveCa},
    {ERR_LIB_TS, TS_R_TSA_NAME_MISMATCH, "timestamp-other-authority",
     "the timestamp names one authority, and the certificate that signed it another",
     kAskAuthority},
    {ERR_LIB_ESS, ESS_R_MISSING_SIGNING_CERTIFICATE_ATTRIBUTE, "timestamp-certificate-unnamed",
     "the timestamp lacks the signing-certificate attribute that RFC 3161 requires", kAskAuthority},
    {ERR_LIB_ESS, ESS_R_ESS_CERT_ID_NOT_FOUND, "timestamp-other-certificate",
     "the signing-certificate attribute names another certificate than the signer's",
     kAskAuthority},
    {ERR_LIB_ESS, ESS_R_ESS_CERT_ID_WRONG_ORDER, "timestamp-other-certificate",
     "the signing-certificate attribute does not name the signer's certificate first",
     kAskAuthority},
    {ERR_LIB_TS, TS_R_ESS_SIGNING_CERTIFICATE_ERROR, "timestamp-other-certificate",
     "the signing-certificate attribute does not fit the certificates", kAskAuthority},
    {ERR_LIB_TS, TS_R_UNSUPPORTED_VERSION, "timestamp-version",
     "the version of the timestamp is not 1", kAskAuthority},
    {ERR_LIB_TS, TS_R_THERE_MUST_BE_ONE_SIGNER, "timestamp-reply-invalid",
     "the timestamp does not have exactly one signer", kAskAuthority},
    {ERR_LIB_TS, TS_R_WRONG_CONTENT_TYPE, "timestamp-reply-invalid",
     "the content of the reply is not a timestamp", kAskAuthority},
    {ERR_LIB_TS, TS_R_DETACHED_CONTENT, "timestamp-reply-invalid",
     "the reply does not contain the timestamp that it signs", kAskAuthority},
    {ERR_LIB_TS, TS_R_SIGNATURE_FAILURE, "timestamp-signature-wrong",
     "the signature of the timestamp reply does not verify",
     "get the reply again from the authority: somebody changed this one"},
}};

// The signature algorithms that OpenSSL verifies in timestamps (PKCS7_signatureVerify).
constexpr std::array kVerified{NID_rsaEncryption,           NID_sha256WithRSAEncryption,
                               NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption,
                               NID_X9_62_id_ecPublicKey,    NID_ecdsa_with_SHA256,
                               NID_ecdsa_with_SHA384,       NID_ecdsa_with_SHA512};

const ASN1_OBJECT* signature_algorithm(const PKCS7* token) {
  const auto* signers = PKCS7_get_signer_info(const_cast<PKCS7*>(token));  // it changes nothing
  if (signers == nullptr || sk_PKCS7_SIGNER_INFO_num(signers) != 1) return nullptr;
  return sk_PKCS7_SIGNER_INFO_value(signers, 0)->digest_enc_alg->algorithm;
}

[[noreturn]] void refuse(const char* code, std::string why, const char* hint) {
  ERR_clear_error();
  throw Error(Kind::kVerification, code, std::move(why), hint);
}

// Of what OpenSSL recorded, first to last, the first that the table knows.
struct Fault {
  const FaultRow* row{};
  std::string detail{};  // X509's own: "certificate has expired"
  std::string first{};   // OpenSSL's reason where the table knows none
};

Fault recorded_fault() {
  Fault fault;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long error = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    const char* reason = ERR_reason_error_string(error);
    if (fault.first.empty() && reason != nullptr) fault.first = reason;
    const auto* row = std::ranges::find_if(kFaults, [&](const FaultRow& one) {
      return ERR_GET_LIB(error) == one.library && ERR_GET_REASON(error) == one.reason;
    });
    if (fault.row != nullptr || row == kFaults.end()) continue;
    fault.row = row;
    if (data != nullptr && (flags & ERR_TXT_STRING) != 0) fault.detail = printable(data);
  }
  return fault;
}

}  // namespace

std::string object_name(const ASN1_OBJECT* object) {
  std::array<char, 80> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 0);
  return size > 0 ? printable(text.data()) : std::string("an unknown algorithm");
}

void require_verifiable_algorithm(const PKCS7* token) {
  const ASN1_OBJECT* algorithm = signature_algorithm(token);
  if (algorithm == nullptr ||
      std::ranges::find(kVerified, OBJ_obj2nid(algorithm)) != kVerified.end())
    return;
  refuse("timestamp-algorithm",
         fmt::format("the timestamp is signed by {}, which openssl ts -verify cannot check",
                     object_name(algorithm)),
         "ask the authority for RSA PKCS#1 v1.5 or ECDSA with SHA-256, SHA-384 or SHA-512");
}

void refuse_unverified(TimePoint when) {
  const Fault fault = recorded_fault();
  if (fault.row == nullptr) {
    refuse("timestamp-unverified",
           fmt::format("OpenSSL does not verify the timestamp: {}",
                       fault.first.empty() ? "it gives no reason" : fault.first),
           kAskAuthority);
  }
  const FaultRow& row = *fault.row;
  if (std::string_view(row.code) != "timestamp-untrusted") refuse(row.code, row.why, row.hint);
  refuse(row.code,
         fmt::format("{} as of {}{}", row.why, format_rfc3339(when),
                     fault.detail.empty() ? "" : ": " + fault.detail),
         row.hint);
}

}  // namespace keyrite::crypto
