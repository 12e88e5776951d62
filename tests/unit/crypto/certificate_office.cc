#include "unit/crypto/certificate_office.h"

#include <fmt/format.h>

namespace keyrite::test {
namespace {

constexpr const char* kSettings = R"(
[ca]
default_ca = office
[office]
database = index.txt
new_certs_dir = issued
rand_serial = yes
unique_subject = no
policy = names
default_md = sha256
[names]
commonName = supplied
[req]
distinguished_name = names
[authority]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
[person]
subjectKeyIdentifier = hash
)";

std::string epoch(const std::string& at) {
  return fmt::format("$(date -u -d '{}-{}-{} {}:{}:{}' +%s)", at.substr(0, 4), at.substr(4, 2),
                     at.substr(6, 2), at.substr(8, 2), at.substr(10, 2), at.substr(12, 2));
}

}  // namespace

CertificateOffice::CertificateOffice(const Workshop& shop) : shop_(shop) {
  shop_.put("office.cnf", as_bytes(kSettings));
  shop_.must("mkdir issued && touch index.txt");
  static_cast<void>(found("ca"));
}

std::string CertificateOffice::found(const std::string& name) const {
  return issue(name, {.from = "20200101000000Z",
                      .until = "20400101000000Z",
                      .issuer = {},
                      .extensions = "authority"});
}

std::string CertificateOffice::issue(const std::string& name, const Issue& issue) const {
  shop_.must(issue.key_of.empty()
                 ? fmt::format("openssl genpkey {} -out {}.key 2>/dev/null", issue.key, name)
                 : fmt::format("cp {}.key {}.key", issue.key_of, name));
  const std::string by = issue.issuer.empty()
                             ? fmt::format("-selfsign -keyfile {}.key", name)
                             : fmt::format("-keyfile {0}.key -cert {0}.pem", issue.issuer);
  shop_.must(fmt::format(
      "openssl req -new -config office.cnf -subj /CN={0} -key {0}.key -out {0}.csr && "
      "openssl ca -batch -notext -config office.cnf {1} -startdate {2} -enddate {3} -md {4} "
      "-extensions {5} -in {0}.csr -out {0}.pem 2>/dev/null",
      name, by, issue.from, issue.until, issue.md, issue.extensions));
  return pem(name);
}

std::string CertificateOffice::pem(const std::string& name) const {
  return as_text(shop_.get(name + ".pem"));
}

Bytes CertificateOffice::sign(const std::string& name, ByteView content,
                              const std::string& options) const {
  shop_.put("content", content);
  shop_.must(
      fmt::format("openssl cms -sign -outform DER -signer {0}.pem -inkey {0}.key {1} -in "
                  "content -out signature.p7s",
                  name, options));
  return shop_.get("signature.p7s");
}

bool CertificateOffice::openssl_verifies(ByteView signature, ByteView content,
                                         const std::string& at, const std::string& options) const {
  shop_.put("signature.p7s", signature);
  shop_.put("content", content);
  return shop_
             .run(fmt::format("openssl cms -verify -binary -inform DER -in signature.p7s -content "
                              "content -CAfile ca.pem -purpose any -attime {} {} -out /dev/null "
                              "2>/dev/null",
                              epoch(at), options))
             .exit_code == 0;
}

}  // namespace keyrite::test
