#include "unit/crypto/key_maker.h"

namespace keyrite::test {

const std::vector<Made>& every_key_pair() {
  static const std::vector<Made> table{
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048", {KeyFamily::kRsa, 2048}},
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:3072", {KeyFamily::kRsa, 3072}},
      {kP256, {KeyFamily::kEc, 0, Curve::kP256}},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:P-384", {KeyFamily::kEc, 0, Curve::kP384}},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:P-521", {KeyFamily::kEc, 0, Curve::kP521}},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
       {KeyFamily::kEc, 0, Curve::kSecp256k1}},
      {"-algorithm ED25519", {KeyFamily::kEd25519, 0}},
  };
  return table;
}

Bytes make_key(const Workshop& shop, const std::string& options) {
  shop.must("openssl genpkey " + options + " -out key.pem 2>/dev/null");
  shop.must("openssl pkey -in key.pem -pubout -out public.pem");
  shop.must("openssl pkey -pubin -in public.pem -outform DER -out public.der");
  return shop.get("public.der");
}

}  // namespace keyrite::test
