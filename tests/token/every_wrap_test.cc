// Every wrap a token can do, of every key type, opened by openssl's command line.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "act/token_session.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "support/key_wrap.h"
#include "support/test_token.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"
#include "wrap/plan.h"
#include "wrap/session_object.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const char* md(Hash hash) { return hash == Hash::kSha1 ? "sha1" : "sha256"; }

// Opens a transport blob as a cloud does, with openssl and python3.
Bytes open_blob(const Workshop& shop, WrappingAlgorithm algorithm, ByteView blob,
                std::size_t modulus_bytes) {
  const bool direct = algorithm.scheme == Scheme::kRsaOaep;
  shop.put("oaep.bin", blob.first(direct ? blob.size() : modulus_bytes));
  const std::string open_oaep = fmt::format(
      "openssl pkeyutl -decrypt -inkey wrapping.pem -in oaep.bin -pkeyopt rsa_padding_mode:oaep "
      "-pkeyopt "
      "rsa_oaep_md:{0} -pkeyopt rsa_mgf1_md:{0}",
      md(algorithm.hash));
  Bytes opened = shop.must(open_oaep);
  if (direct) return opened;
  REQUIRE(opened.size() == 32);
  shop.put("kwp.bin", blob.subspan(modulus_bytes));
  return shop.must(kwp_unwrap_line(to_hex(opened)) + " < kwp.bin");
}

// SHA-256 of what came out: of the secret, or of the public key that openssl derives from the
// PKCS#8.
std::string digest_outside(const Workshop& shop, const KeyType& type, ByteView opened) {
  if (type.is_secret()) return crypto::sha256_hex(opened);
  shop.put("opened.der", opened);
  return crypto::sha256_hex(
      shop.must("openssl pkey -inform DER -in opened.der -pubout -outform DER"));
}

// The same of the token's key, by the token.
std::string digest_inside(pkcs11::Session& session, const KeyType& type, pkcs11::ObjectHandle key,
                          const std::optional<pkcs11::ObjectHandle>& public_half) {
  if (public_half) return wrap::read_public_key(session, *public_half, type).sha256();
  return to_hex(session.digest_key(pkcs11::Mechanism::digest(crypto::Digest::kSha256), key,
                                   "digesting a key"));
}

// Wraps keys of `types` by every algorithm under a wrapping key of `bits`. Returns "algorithm
// key-type custody" of those that were done.
std::set<std::string> wrap_everything(TestToken& token, unsigned bits,
                                      const std::vector<KeyType>& types) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const Workshop shop;
  shop.must(fmt::format("cp {}/rsa-{}.pem wrapping.pem", KEYRITE_TEST_KEYS_DIR, bits));
  const auto wrapping_key = crypto::PublicKey::from_spki(
      shop.must("openssl pkey -in wrapping.pem -pubout -outform DER"), "wrapping key");
  const wrap::SessionObject in_token(session, wrap::import_wrapping_key(session, wrapping_key));
  wrap::SelfTest tests(session);
  std::set<std::string> done;
  for (const auto& type : types) {
    std::optional<wrap::SessionObject> key;
    std::optional<wrap::SessionObject> public_half;
    try {
      const auto templates = wrap::throwaway_templates(type);
      if (type.is_secret()) {
        key.emplace(session, session.generate_key(wrap::generation_mechanism(type), templates.key,
                                                  "making a key"));
      } else {
        const auto pair = session.generate_key_pair(
            wrap::generation_mechanism(type), templates.public_half, templates.key, "making a key");
        key.emplace(session, pair.private_key);
        public_half.emplace(session, pair.public_key);
      }
    } catch (const Error& error) {
      REQUIRE(error.ckr().has_value());  // this token lacks the type
      continue;
    }
    const auto expected =
        digest_inside(session, type, key->handle(),
                      public_half ? std::optional(public_half->handle()) : std::nullopt);
    for (const auto& algorithm : all_wrapping_algorithms()) {
      const std::string row = algorithm.name() + " " + type.name();
      const wrap::Requirements required{.algorithm = algorithm,
                                        .target = type,
                                        .wrapping_key_bits = bits,
                                        .allow_host_ephemeral = true,
                                        .accept_padded_pkcs8 = true};
      try {
        const auto recipe = wrap::plan(required, tests);
        const Bytes blob = wrap::execute(session, recipe, {in_token.handle(), &wrapping_key},
                                         {key->handle(), type, type.name()})
                               .blob;
        CHECK_MESSAGE(
            digest_outside(shop, type, open_blob(shop, algorithm, blob, bits / 8)) == expected,
            row);
        done.insert(row + " " + std::string(custody_name(custody_of(recipe.recipe().method))));
      } catch (const Error& error) {
        CHECK_MESSAGE(error.code() == "no-wrap-method", row << ": " << error.what());
      }
    }
  }
  return done;
}

// What SoftHSM 2.6.1 does: OAEP with SHA-1 alone, of secret keys alone; AES-KWP of all but Ed25519
// and secret keys of odd length. With SHA-256 the transport key must be encrypted on the host.
std::set<std::string> expected_of_softhsm(const std::vector<KeyType>& types) {
  std::set<std::string> rows;
  for (const auto& type : types) {
    if (type.is_secret()) rows.insert("rsa-oaep-sha1 " + type.name() + " hsm");
    // Zero bytes behind a secret key that is no multiple of 8, which the self-test finds out.
    if (type.is_secret() && type.secret_bytes() % 8 != 0) continue;
    if (type.family == KeyFamily::kEd25519) continue;  // CKR_KEY_NOT_WRAPPABLE
    rows.insert("rsa-aes-key-wrap-sha1 " + type.name() + " hsm");
    rows.insert("rsa-aes-key-wrap-sha256 " + type.name() + " host-ephemeral");
  }
  return rows;
}

// What NSS softoken does: both hashes, everything in the token; direct OAEP also of EC keys, whose
// PKCS#8 holds the public key, where `too_large` does not name the row. It makes neither secp256k1
// nor Ed25519 keys.
std::set<std::string> expected_of_nss(const std::vector<KeyType>& types,
                                      const std::set<std::string>& too_large) {
  std::set<std::string> rows;
  for (const auto& type : types) {
    if (type.family == KeyFamily::kEd25519 || type.curve == Curve::kSecp256k1) continue;
    for (const std::string hash : {"sha1", "sha256"}) {
      const std::string direct = "rsa-oaep-" + hash + " " + type.name();
      if (type.family != KeyFamily::kRsa && !too_large.contains(direct))
        rows.insert(direct + " hsm");
      rows.insert("rsa-aes-key-wrap-" + hash + " " + type.name() + " hsm");
    }
  }
  return rows;
}

std::string lines_of(const std::set<std::string>& rows) {
  return fmt::format("{}", fmt::join(rows, "\n"));
}

// One type of each kind that a wrapping key's size can matter for.
std::vector<KeyType> some_types() {
  std::vector<KeyType> types;
  for (const char* name : {"aes-256", "generic-secret-128-bytes", "ec-p384", "ec-p521", "rsa-2048"})
    types.push_back(parse_key_type(name));
  return types;
}

TEST_CASE("Every wrap that SoftHSM does is opened by openssl to the token's own key") {
  const auto token = make_softhsm();
  if (!token) return;
  CHECK(lines_of(wrap_everything(*token, 3072, all_key_types())) ==
        lines_of(expected_of_softhsm(all_key_types())));
}

TEST_CASE("Every wrap that NSS softoken does is opened by openssl to the token's own key") {
  const auto token = make_nss();
  if (!token) return;
  CHECK(lines_of(wrap_everything(*token, 3072, all_key_types())) ==
        lines_of(expected_of_nss(all_key_types(), {})));
}

TEST_CASE("SoftHSM wraps under keys of 2048 and 4096 bits as it does under 3072") {
  const auto token = make_softhsm();
  if (!token) return;
  for (const unsigned bits : {2048U, 4096U}) {
    CAPTURE(bits);
    CHECK(lines_of(wrap_everything(*token, bits, some_types())) ==
          lines_of(expected_of_softhsm(some_types())));
  }
}

TEST_CASE("NSS softoken wraps under keys of 2048 and 4096 bits what fits") {
  const auto token = make_nss();
  if (!token) return;
  CHECK(lines_of(wrap_everything(*token, 2048, some_types())) ==
        lines_of(
            expected_of_nss(some_types(), {"rsa-oaep-sha1 ec-p521", "rsa-oaep-sha256 ec-p521"})));
  CHECK(lines_of(wrap_everything(*token, 4096, some_types())) ==
        lines_of(expected_of_nss(some_types(), {})));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
