#include "crypto/ecdh.h"

#include <doctest/doctest.h>

#include "unit/crypto/key_maker.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("The secret shared with a throw-away key is the one that openssl derives") {
  const Workshop shop;
  for (const Made& made : every_key_pair()) {
    if (made.type.family != KeyFamily::kEc) continue;
    CAPTURE(made.options);
    const Bytes spki = make_key(shop, made.options);
    const auto agreement = crypto::agree_with_throwaway(crypto::PublicKey::from_spki(spki, "key"));
    CHECK(agreement.point.at(0) == 0x04);
    const auto peer = crypto::PublicKey::from_ec_point(made.type.curve, agreement.point, "peer");
    shop.put("peer.pem", as_bytes(peer.pem()));
    CHECK(shop.must("openssl pkeyutl -derive -inkey key.pem -peerkey peer.pem") ==
          agreement.shared);
    CHECK(agreement.shared.size() == curve_info(made.type.curve).field_bytes);
  }
}

TEST_CASE("Each agreement has a throw-away key of its own") {
  const Workshop shop;
  const auto key = crypto::PublicKey::from_spki(make_key(shop, kP256), "key");
  CHECK(crypto::agree_with_throwaway(key).point != crypto::agree_with_throwaway(key).point);
}

TEST_CASE("There is no agreement with a key that is on no curve") {
  const Workshop shop;
  const auto key = crypto::PublicKey::from_spki(make_key(shop, kRsa1024), "key");
  check_refused(Kind::kInternal, "ecdh-curve", [&] { (void)crypto::agree_with_throwaway(key); });
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
