// An X.509 certificate (RFC 5280): its subject, key and validity, and whether it chains to chosen
// authorities. A value over OpenSSL that shares one immutable object; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/public_key.h"

struct x509_st;  // X509

namespace keyrite::crypto {

class Certificate {
 public:
  // DER, nothing after it. `origin` names the object in errors. Errors kConfig:
  // "certificate-invalid", "certificate-trailing-bytes", those of PublicKey::from_spki.
  [[nodiscard]] static Certificate from_der(ByteView der, std::string_view origin);
  // One "CERTIFICATE" PEM block and nothing but white space and comments around it, or base64 of
  // DER in one line. Errors as above, and "private-key-given" for a private key.
  [[nodiscard]] static Certificate from_text(std::string_view text, std::string_view origin);

  [[nodiscard]] const Bytes& der() const { return der_; }
  [[nodiscard]] std::string sha256() const;   // of the DER, lower-case hex
  [[nodiscard]] std::string subject() const;  // "CN=Alice,O=Example" (RFC 2253, ASCII)
  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  // As CMS names it (RFC 5652 section 5.3), by issuer and serial number: DER of SignerIdentifier.
  [[nodiscard]] Bytes issuer_and_serial() const;
  // The other way: by subject key identifier. nullopt when the certificate has none.
  [[nodiscard]] std::optional<Bytes> key_identifier() const;
  [[nodiscard]] bool is_authority() const;  // may issue certificates (basicConstraints)
  [[nodiscard]] x509_st* get() const { return x509_.get(); }
  friend bool operator==(const Certificate& a, const Certificate& b) { return a.der_ == b.der_; }

 private:
  Certificate(std::shared_ptr<x509_st> x509, ByteView der, PublicKey public_key)
      : x509_(std::move(x509)), der_(der.begin(), der.end()), public_key_(std::move(public_key)) {}
  std::shared_ptr<x509_st> x509_;
  Bytes der_;
  PublicKey public_key_;
};

// Nothing when `certificate` chains to a self-signed one of `authorities`, over those alone, every
// one of them but the last signed with SHA-224 or better, no RSA key of a chain below 2048 bits;
// otherwise why not, for people, naming the certificate at fault; safe to print. At `at`, if given,
// all of them must hold; nullopt asks nothing about time. Any purpose is accepted, and nobody asks
// for revocation (RFC 5280 section 6.1). Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] std::optional<std::string> chain_fault(const Certificate& certificate,
                                                     const std::vector<Certificate>& authorities,
                                                     std::optional<TimePoint> at);

}  // namespace keyrite::crypto
