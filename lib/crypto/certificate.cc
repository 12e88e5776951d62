#include "crypto/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/internal/certificate_store.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {
namespace {

using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

[[noreturn]] void refuse_certificate(std::string code, std::string_view origin,
                                     std::string_view why, std::string hint) {
  ERR_clear_error();
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", origin, why), std::move(hint));
}

[[noreturn]] void invalid_certificate(std::string_view origin, std::string_view why) {
  refuse_certificate("certificate-invalid", origin, why,
                     "give the PEM text of the certificate, or base64 of its DER");
}

// What an i2d function of OpenSSL writes.
template <class Object>
Bytes encoded(int (*encode)(Object*, unsigned char**), Object* object) {
  unsigned char* der = nullptr;
  const int length = encode(object, &der);
  if (length <= 0) openssl_failed("encoding a certificate");
  Bytes bytes(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

// The base64 between the two lines of a PEM block. What stands around them is comment (RFC 7468
// section 2), as openssl x509 -text writes it.
std::string base64_of_pem(std::string_view text, std::string_view origin) {
  const auto begin = text.find(kBegin);
  const auto end = text.find(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    invalid_certificate(origin, "this is not a certificate in PEM");
  }
  if (text.find("-----BEGIN ", begin + 1) != std::string_view::npos ||
      text.find("-----BEGIN ") != begin) {
    refuse_certificate("certificate-trailing-bytes", origin,
                       "the text has more than one PEM block, not one certificate",
                       "give each certificate by itself");
  }
  std::string base64(text.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  std::erase_if(base64, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
  return base64;
}

Bytes issuer_and_serial_content(const X509* x509) {
  Bytes content = encoded<const X509_NAME>(i2d_X509_NAME, X509_get_issuer_name(x509));
  return concat(content,
                encoded<const ASN1_INTEGER>(i2d_ASN1_INTEGER, X509_get0_serialNumber(x509)));
}

// Tag and length in front of the content, DER.
Bytes with_header(int tag, int tag_class, bool constructed, ByteView content) {
  const int length = static_cast<int>(content.size());
  Bytes whole(static_cast<std::size_t>(ASN1_object_size(constructed ? 1 : 0, length, tag)));
  unsigned char* cursor = whole.data();
  ASN1_put_object(&cursor, constructed ? 1 : 0, length, tag, tag_class);
  std::ranges::copy(content, cursor);
  return whole;
}

}  // namespace

Certificate Certificate::from_der(ByteView der, std::string_view origin) {
  const unsigned char* cursor = der.data();
  X509Ptr x509(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (x509 == nullptr) invalid_certificate(origin, "this is not an X.509 certificate");
  const auto rest = der.size() - static_cast<std::size_t>(cursor - der.data());
  if (rest != 0) {
    refuse_certificate("certificate-trailing-bytes", origin,
                       fmt::format("{} bytes follow the certificate", rest),
                       "give the certificate alone");
  }
  // OpenSSL reads BER; one certificate must not have two SHA-256.
  if (!std::ranges::equal(encoded<const X509>(i2d_X509, x509.get()), der))
    invalid_certificate(origin, "the certificate is not valid DER");
  const Bytes spki = encoded<const X509_PUBKEY>(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(x509.get()));
  // Reads and keeps the extensions now: later it would change an object that threads share.
  X509_check_purpose(x509.get(), -1, 0);
  ERR_clear_error();
  return {std::shared_ptr<X509>(x509.release(), Free<X509_free>()), der,
          PublicKey::from_spki(spki, fmt::format("{}: the key of the certificate", origin))};
}

Certificate Certificate::from_text(std::string_view text, std::string_view origin) {
  if (text.find("PRIVATE KEY") != std::string_view::npos) {
    refuse_certificate("private-key-given", origin, "this is a PRIVATE key",
                       "give the certificate alone, and treat the private key as exposed");
  }
  const bool pem = text.find("-----BEGIN ") != std::string_view::npos;
  Bytes der;
  try {
    der = from_base64(pem ? base64_of_pem(text, origin) : std::string(text), "the certificate");
  } catch (const Error& error) {
    if (error.code() != "not-base64") throw;
    invalid_certificate(origin, error.message());
  }
  return from_der(der, origin);
}

std::string Certificate::sha256() const { return sha256_hex(der_); }

std::string subject_of(const X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) {
    openssl_failed("writing the name of a certificate");
  }
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string Certificate::subject() const { return subject_of(x509_.get()); }

Bytes Certificate::issuer_and_serial() const {
  return with_header(V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, true,
                     issuer_and_serial_content(x509_.get()));
}

std::optional<Bytes> Certificate::key_identifier() const {
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(x509_.get());
  if (id == nullptr) return std::nullopt;
  const ByteView content(ASN1_STRING_get0_data(id),
                         static_cast<std::size_t>(ASN1_STRING_length(id)));
  return with_header(0, V_ASN1_CONTEXT_SPECIFIC, false, content);
}

bool Certificate::is_authority() const { return X509_check_ca(x509_.get()) == 1; }

}  // namespace keyrite::crypto
