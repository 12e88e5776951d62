// Replies of authorities that do what openssl ts does not, or do not what RFC 3161 asks: each is
// refused by openssl ts -verify too, and each has words of its own.
#include <doctest/doctest.h>

#include "cli/stamping.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool openssl_refuses(Stamping& stamping) {
  return stamping.site.shop()
             .run(
                 "openssl ts -verify -queryfile q.tsq -in r.tsr -CAfile tsa/ca.pem >/dev/null 2>&1")
             .exit_code != 0;
}

TEST_CASE("A reply that its authority made otherwise than RFC 3161 asks has words of its own") {
  Stamping stamping;
  const auto& authority = stamping.authority;
  std::string code;
  SUBCASE("signed by another than the authority it names") {
    authority.certify("other", "20200101000000Z", "20400101000000Z");
    authority.sign_again("q.tsq", "r.tsr", "other");
    code = "timestamp-other-authority";
  }
  SUBCASE("without the attribute that names the signer's certificate") {
    authority.sign_again("q.tsq", "r.tsr", "stamper", "-md sha256");
    code = "timestamp-certificate-unnamed";
  }
  SUBCASE("RSA-PSS") {
    authority.certify_rsa("stamper");
    authority.sign_again("q.tsq", "r.tsr", "stamper",
                         "-cades -md sha256 -keyopt rsa_padding_mode:pss");
    code = "timestamp-algorithm";
  }
  SUBCASE("an algorithm of the future") {
    authority.reply("q.tsq", "r.tsr");
    stamping.site.shop().put("future.py", as_bytes(R"(
reply = open('r.tsr', 'rb').read()
at = reply.rfind(bytes.fromhex('2a8648ce3d040302'))
open('r.tsr', 'wb').write(reply[:at] + bytes.fromhex('2a8648ce3d04037f') + reply[at + 8:])
)"));
    stamping.site.shop().must("python3 future.py");
    CHECK(stamping.refusal() == "timestamp-algorithm");
    return;  // OpenSSL 3.0 does not look at it; others may
  }
  CHECK(openssl_refuses(stamping));
  CHECK(stamping.refusal() == code);
}

TEST_CASE("A reply about another hash, and a token without its response, say so") {
  Stamping stamping;
  const auto& shop = stamping.site.shop();
  std::string code;
  SUBCASE("SHA-512") {
    shop.must(
        "openssl ts -query -data site/transcript/checkpoint -sha512 -cert -out o.tsq 2>/dev/null "
        "&& cd tsa && openssl ts -reply -config tsa.cnf -section hashing512 -queryfile ../o.tsq "
        "-signer stamper.pem -inkey stamper.key -out ../r.tsr 2>/dev/null");
    code = "timestamp-other-hash";
  }
  SUBCASE("the bare token") {
    stamping.authority.reply("q.tsq", "whole.tsr");
    shop.must("openssl ts -reply -in whole.tsr -token_out -out r.tsr 2>/dev/null");
    shop.must(
        "openssl ts -verify -data site/transcript/checkpoint -in r.tsr -token_in -CAfile "
        "tsa/ca.pem >/dev/null 2>&1");
    code = "timestamp-bare-token";
  }
  CHECK(stamping.refusal() == code);
}

TEST_CASE("An authority that names itself rightly is taken") {
  Stamping stamping;
  stamping.authority.sign_again("q.tsq", "r.tsr", "stamper");
  const auto run = stamping.attach();
  INFO(run.err);
  CHECK(run.exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
