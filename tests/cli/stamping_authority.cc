#include "cli/stamping_authority.h"

#include <fmt/format.h>

namespace keyrite::test {
namespace {

constexpr const char* kSettings = R"([ca]
default_ca = office
[office]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = names
default_md = sha256
certificate = ca.pem
private_key = ca.key
[names]
commonName = supplied
[req]
distinguished_name = names
[tsa]
default_tsa = stamps
[stamps]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
clock_precision_digits = 0
[naming]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
tsa_name = yes
[hashing512]
serial = serial
default_policy = 1.2.3.4
digests = sha512
signer_digest = sha256
[refusing]
serial = serial
default_policy = 1.2.3.4
digests = sha512
signer_digest = sha256
)";

}  // namespace

StampingAuthority::StampingAuthority(const Workshop& shop) : shop_(shop) {
  shop_.must("mkdir tsa");
  shop_.put("tsa/tsa.cnf", as_bytes(kSettings));
  shop_.must(
      "cd tsa && touch index.txt && echo 01 > serial && openssl req -new -newkey ec -pkeyopt "
      "ec_paramgen_curve:P-256 "
      "-nodes -keyout ca.key -out ca.csr -config tsa.cnf -subj /CN=ca 2>/dev/null && "
      "echo 'basicConstraints = critical,CA:TRUE' > ext && openssl ca -batch -notext -config "
      "tsa.cnf "
      "-selfsign -startdate 20200101000000Z -enddate 21000101000000Z -extfile ext -in ca.csr -out "
      "ca.pem 2>/dev/null");
  certify("stamper", "20200101000000Z", "20400101000000Z");
}

void StampingAuthority::certify(const std::string& name, const std::string& from,
                                const std::string& until, const std::string& purpose) const {
  issue(name, from, until, purpose, "ec -pkeyopt ec_paramgen_curve:P-256");
}

void StampingAuthority::certify_rsa(const std::string& name) const {
  issue(name, "20200101000000Z", "20400101000000Z", "critical,timeStamping", "rsa:2048");
}

void StampingAuthority::issue(const std::string& name, const std::string& from,
                              const std::string& until, const std::string& purpose,
                              const std::string& key) const {
  shop_.must(fmt::format(
      "cd tsa && echo 'extendedKeyUsage = {3}' > ext && "
      "openssl req -new -newkey {4} -nodes -keyout {0}.key -out "
      "{0}.csr -config tsa.cnf -subj "
      "/CN={0} 2>/dev/null && openssl ca -batch -notext -config tsa.cnf -startdate {1} -enddate "
      "{2} -extfile ext -in {0}.csr -out {0}.pem 2>/dev/null",
      name, from, until, purpose, key));
}

void StampingAuthority::reply(const std::string& query, const std::string& out,
                              const std::string& name) const {
  shop_.must(fmt::format(
      "cd tsa && openssl ts -reply -config tsa.cnf -queryfile ../{} -signer {}.pem -inkey {}.key "
      "-out ../{} 2>/dev/null",
      query, name, name, out));
}

void StampingAuthority::reply_at(const std::string& time, const std::string& query,
                                 const std::string& out, const std::string& name) const {
  reply(query, "tsa/now.tsr");
  shop_.put("tsa/redate.py", as_bytes(R"(
import re, sys
text = open('now.tst', 'rb').read()
open('then.tst', 'wb').write(re.sub(rb'\x18\x0f\d{14}Z', b'\x18\x0f' + sys.argv[1].encode(), text))
)"));
  shop_.must(fmt::format(
      "cd tsa && openssl ts -reply -in now.tsr -token_out -out now.token 2>/dev/null && "
      "openssl cms -verify -noverify -inform DER -in now.token -out now.tst 2>/dev/null && "
      "python3 redate.py {}",
      time));
  sign_text(out, name, "-cades -md sha256");
}

void StampingAuthority::sign_again(const std::string& query, const std::string& out,
                                   const std::string& name, const std::string& options) const {
  shop_.must(fmt::format(
      "cd tsa && openssl ts -reply -config tsa.cnf -section naming -queryfile ../{} -signer "
      "stamper.pem -inkey stamper.key -token_out -out named.token 2>/dev/null && "
      "openssl cms -verify -noverify -inform DER -in named.token -out then.tst 2>/dev/null",
      query));
  sign_text(out, name, options);
}

void StampingAuthority::sign_text(const std::string& out, const std::string& name,
                                  const std::string& options) const {
  shop_.put("tsa/wrap.py", as_bytes(R"(
token = open('then.token', 'rb').read()
body = bytes.fromhex('3003020100') + token
open('then.tsr', 'wb').write(b'\x30\x82' + len(body).to_bytes(2, 'big') + body)
)"));
  shop_.must(fmt::format(
      "cd tsa && openssl cms -sign -binary -nodetach -outform DER "
      "-econtent_type 1.2.840.113549.1.9.16.1.4 -signer {1}.pem -inkey {1}.key {2} -in then.tst "
      "-out then.token && python3 wrap.py && mv then.tsr ../{0}",
      out, name, options));
}

void StampingAuthority::refuse(const std::string& query, const std::string& out) const {
  shop_.must(fmt::format(
      "cd tsa && openssl ts -reply -config tsa.cnf -section refusing -queryfile ../{} -signer "
      "stamper.pem -inkey stamper.key -out ../{} 2>/dev/null",
      query, out));
}

}  // namespace keyrite::test
