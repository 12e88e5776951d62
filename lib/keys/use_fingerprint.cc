#include "keys/use_fingerprint.h"

#include "crypto/digest.h"

namespace keyrite::keys {

namespace {

constexpr std::string_view kText = "keyrite use of a key v1";
constexpr std::string_view kWhat = "computing by what the key is known again";

}  // namespace

std::optional<std::string> use_fingerprint(pkcs11::Session& session, const KeyType& type,
                                           KeyUsage usage, pkcs11::ObjectHandle key,
                                           std::optional<crypto::Digest> bound) {
  using pkcs11::Mechanism;
  const Bytes text = crypto::sha256(as_bytes(kText));
  if (type.family == KeyFamily::kGenericSecret) {
    const auto hash = bound.value_or(wrap::mac_hash_for(type.secret_bytes()));
    return crypto::sha256_hex(session.sign(Mechanism::hmac(hash), key, text, kWhat));
  }
  if (type.family != KeyFamily::kAes || usage != KeyUsage::kEncrypt) return std::nullopt;
  return crypto::sha256_hex(session.encrypt(Mechanism::aes_ecb(), key, text, kWhat));
}

}  // namespace keyrite::keys
