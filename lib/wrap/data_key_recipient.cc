#include "wrap/data_key_recipient.h"

#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "base/key_type.h"
#include "wrap/execute.h"
#include "wrap/recipe.h"
#include "wrap/self_test.h"

namespace keyrite::wrap {

namespace {

constexpr KeyType kThrowawayDek{.family = KeyFamily::kAes, .size = 256};

}  // namespace

Hash proven_oaep_hash(pkcs11::Session& session, unsigned rsa_bits) {
  SelfTest test(session);
  std::string found;
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    const auto recipe = recipes_for({Scheme::kRsaOaep, hash}).front();
    if (test.prove(recipe, kThrowawayDek, rsa_bits)) return hash;
    found += fmt::format("{}{}: {}", found.empty() ? "" : "; ", recipe.algorithm.name(),
                         test.run(recipe, kThrowawayDek, rsa_bits).detail);
  }
  throw Error(Kind::kToken, "data-key-not-wrapped",
              fmt::format("this token wraps no data key under RSA-{} by a way that opens outside",
                          rsa_bits),
              "found: " + found);
}

DataKeyRecipient::DataKeyRecipient(pkcs11::Session& session, const crypto::PublicKey& recipient,
                                   Hash hash)
    : session_(session),
      hash_(hash),
      bytes_(recipient.rsa_bits() / 8),
      wrapping_key_(session, import_wrapping_key(session, recipient)) {}

Bytes DataKeyRecipient::wrap(const DataKeyWrap& proven, const Kek& kek, const WrappedKey& record) {
  const SessionObject key(session_, unwrap_data_key(session_, proven, kek, record,
                                                    OpenedAs::kSecret, OpenedFor::kToken));
  Bytes blob = session_.wrap_key(pkcs11::Mechanism::rsa_oaep(hash_), wrapping_key_.handle(),
                                 key.handle(), "wrapping a data key to its recipient");
  if (blob.size() == bytes_) return blob;
  throw Error(Kind::kToken, "wrap-size",
              fmt::format("a data key came out of the token as {} bytes under an RSA key of {}",
                          blob.size(), bytes_),
              "run token-check to see what this token does");
}

}  // namespace keyrite::wrap
