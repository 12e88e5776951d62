// A CA, certificates that it issues and CMS signatures by their keys, all made by openssl's
// program in a workshop. The office refers to the workshop and must not outlive it. One thread.
#pragma once

#include <string>

#include "support/command.h"

namespace keyrite::test {

struct Issue {
  std::string key{"-algorithm EC -pkeyopt ec_paramgen_curve:P-256"};  // of openssl genpkey
  std::string from{"20260101000000Z"};
  std::string until{"20270101000000Z"};
  std::string issuer{"ca"};
  std::string key_of{};              // instead of a new key, the one of this name
  std::string extensions{"person"};  // or "authority"
  std::string md{"sha256"};
};

class CertificateOffice {
 public:
  // Makes the self-signed ca.pem and ca.key, CN=ca, for the years 2020 to 2039.
  explicit CertificateOffice(const Workshop& shop);

  // NAME.key and NAME.pem, CN=NAME; gives the PEM text.
  std::string issue(const std::string& name, const Issue& issue = {}) const;
  // Another self-signed CA.
  std::string found(const std::string& name) const;
  [[nodiscard]] std::string pem(const std::string& name) const;
  // DER; `options` of openssl cms -sign, in place of the usual ones.
  [[nodiscard]] Bytes sign(const std::string& name, ByteView content,
                           const std::string& options = "-binary -cades -md sha256") const;
  // openssl cms -verify by the CA, for any purpose, at a time as "20260301120000Z".
  [[nodiscard]] bool openssl_verifies(ByteView signature, ByteView content,
                                      const std::string& at = "20260301120000Z",
                                      const std::string& options = {}) const;

 private:
  const Workshop& shop_;
};

}  // namespace keyrite::test
