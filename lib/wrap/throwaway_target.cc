#include "wrap/throwaway_target.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/aes.h"
#include "crypto/aes_kwp.h"
#include "crypto/digest.h"
#include "crypto/pkcs8.h"
#include "crypto/random.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

constexpr std::size_t kBlock = 16;

Comparison different(std::string detail) { return {.same = false, .detail = std::move(detail)}; }

}  // namespace

ThrowawayTarget::ThrowawayTarget(pkcs11::Session& session, const KeyType& type)
    : session_(&session), type_(type) {
  const KeyTemplates templates = throwaway_templates(type);
  if (type.is_secret()) {
    key_.emplace(session, session.generate_key(generation_mechanism(type), templates.key,
                                               "making a throw-away key"));
    return;
  }
  const auto pair = session.generate_key_pair(generation_mechanism(type), templates.public_half,
                                              templates.key, "making a throw-away key pair");
  public_half_.emplace(session, pair.public_key);
  key_.emplace(session, pair.private_key);
}

Comparison ThrowawayTarget::compare(ByteView opened) const {
  return type_.is_secret() ? compare_secret(opened) : compare_private(opened);
}

Comparison ThrowawayTarget::compare_secret(ByteView opened) const {
  if (opened.size() != type_.secret_bytes()) {
    return different(
        fmt::format("{} bytes came out, but {} went in", opened.size(), type_.secret_bytes()));
  }
  const Bytes probe = crypto::random_bytes(kBlock);
  Bytes inside;
  Bytes outside;
  if (type_.family == KeyFamily::kAes) {
    inside =
        session_->encrypt(pkcs11::Mechanism::aes_ecb(), handle(), probe, "using a throw-away key");
    outside = crypto::aes_ecb_encrypt(opened, probe);
  } else {
    inside = session_->sign(pkcs11::Mechanism::hmac(mac_hash_for(type_.secret_bytes())), handle(),
                            probe, "using a throw-away key");
    outside = crypto::hmac(mac_hash_for(type_.secret_bytes()), opened, probe);
  }
  if (inside != outside) return different("another key came out than went in");
  return {.same = true};
}

Comparison ThrowawayTarget::compare_private(ByteView opened) const {
  const auto pkcs8 = crypto::read_pkcs8(opened);
  if (!pkcs8) return different("what came out is not a PKCS#8 private key of this type");
  if (!(pkcs8->public_key == read_public_key(*session_, public_half_->handle(), type_))) {
    return different("another key came out than went in");
  }
  if (pkcs8->trailing_bytes != 0 && !pkcs8->trailing_all_zero) {
    return different(fmt::format("{} foreign bytes follow the PKCS#8", pkcs8->trailing_bytes));
  }
  // A curve's PKCS#8 has one length, so the throw-away key shows what the target will show; an RSA
  // key's varies.
  const bool varies = type_.family == KeyFamily::kRsa;
  return {.same = true,
          .padded_pkcs8 = pkcs8->trailing_bytes != 0,
          .padding_decided = !varies || pkcs8->der_length % crypto::kSemiblockBytes != 0};
}

}  // namespace keyrite::wrap
