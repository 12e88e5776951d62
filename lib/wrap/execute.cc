#include "wrap/execute.h"

#include <utility>

#include <fmt/format.h>

#include "crypto/aes_kwp.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "wrap/ephemeral_key.h"
#include "wrap/internal/run.h"

namespace keyrite::wrap {

namespace {

constexpr std::size_t kEphemeralBytes = 32;  // AES-256: what all three clouds state or use

std::string quoted(const std::string& name) { return fmt::format("\"{}\"", name); }

// Wraps the target under an ephemeral AES key, twice.
Bytes wrap_under(pkcs11::Session& session, const EphemeralKey& ephemeral, const Recipe& recipe,
                 const Target& target) {
  const auto wrap = [&] {
    return session.wrap_key(
        pkcs11::Mechanism::aes_key_wrap(recipe.kwp.value()), ephemeral.handle(), target.handle,
        fmt::format("wrapping {} under the ephemeral key", quoted(target.name)));
  };
  Bytes wrapped = wrap();
  if (wrapped == wrap()) return wrapped;
  throw Error(Kind::kToken, "wrap-differs",
              fmt::format("the token wrapped {} twice under one ephemeral key and returned two "
                          "different results, but AES-KWP always gives the same one",
                          quoted(target.name)),
              "keyrite wrote nothing; do not use this token for imports; report it to its vendor");
}

Wrapped composed(pkcs11::Session& session, const Recipe& recipe, const WrappingKey& wrapping_key,
                 const Target& target) {
  EphemeralKey ephemeral = EphemeralKey::generate(session);
  const Bytes transport = session.wrap_key(
      pkcs11::Mechanism::rsa_oaep(recipe.algorithm.hash), wrapping_key.handle, ephemeral.handle(),
      "wrapping the ephemeral AES key under the cloud's wrapping key");
  const Bytes wrapped = wrap_under(session, ephemeral, recipe, target);
  ephemeral.destroy();
  return {concat(transport, wrapped), WrapCheck::kKwpTwice};
}

Wrapped host_ephemeral(pkcs11::Session& session, const Recipe& recipe,
                       const WrappingKey& wrapping_key, const Target& target) {
  const crypto::SecretBytes key = crypto::random_secret(kEphemeralBytes);
  EphemeralKey ephemeral = EphemeralKey::import(session, key);
  const Bytes transport =
      crypto::oaep_encrypt(*wrapping_key.host, recipe.algorithm.hash, key.reveal());
  const Bytes wrapped = wrap_under(session, ephemeral, recipe, target);
  ephemeral.destroy();
  return {concat(transport, wrapped), WrapCheck::kKwpTwice};
}

Wrapped single_call(pkcs11::Session& session, const pkcs11::Mechanism& mechanism,
                    const WrappingKey& wrapping_key, const Target& target) {
  return {session.wrap_key(
              mechanism, wrapping_key.handle, target.handle,
              fmt::format("wrapping {} under the cloud's wrapping key", quoted(target.name))),
          WrapCheck::kLength};
}

[[noreturn]] void wrong_size(std::size_t got, const std::string& expected) {
  throw Error(Kind::kToken, "wrap-size",
              fmt::format("the token returned {} bytes instead of {}", got, expected),
              "keyrite wrote nothing; run token-check to see what this token does");
}

}  // namespace

namespace internal {

Wrapped run(pkcs11::Session& session, const Recipe& recipe, const WrappingKey& wrapping_key,
            const Target& target) {
  switch (recipe.method) {
    case Method::kDirect:
      return single_call(session, pkcs11::Mechanism::rsa_oaep(recipe.algorithm.hash), wrapping_key,
                         target);
    case Method::kNative:
      return single_call(
          session, pkcs11::Mechanism::rsa_aes_key_wrap(kEphemeralBytes * 8, recipe.algorithm.hash),
          wrapping_key, target);
    case Method::kComposed:
      return composed(session, recipe, wrapping_key, target);
    case Method::kHostEphemeral:
      return host_ephemeral(session, recipe, wrapping_key, target);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a recipe has no method");
}

}  // namespace internal

pkcs11::ObjectHandle import_wrapping_key(pkcs11::Session& session, const crypto::PublicKey& key) {
  using pkcs11::Attr;
  const auto handle = session.create_object(wrapping_key_template(key).set<Attr::kToken>(false),
                                            "putting the cloud's wrapping key into the token");
  try {
    require_modulus(session, handle, key);
  } catch (const Error&) {
    // The error that brought us here is the one to report.
    session.discard(handle);
    throw;
  }
  return handle;
}

void require_modulus(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                     const crypto::PublicKey& key) {
  const auto modulus = session.read_bytes(handle, pkcs11::Attr::kModulus);
  if (modulus && *modulus == key.rsa_modulus()) return;
  throw Error(
      Kind::kToken, "wrapping-key-changed",
      "the wrapping key in the token has a different modulus from the one that keyrite put in",
      "do not use this token for imports; report it to its vendor");
}

pkcs11::Template wrapping_key_template(const crypto::PublicKey& key) {
  using pkcs11::Attr;
  return pkcs11::Template{}
      .set<Attr::kClass>(pkcs11::ObjectClass::kPublicKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kRsa)
      .set<Attr::kPrivate>(false)
      .set<Attr::kWrap>(true)
      .set<Attr::kModulus>(key.rsa_modulus())
      .set<Attr::kPublicExponent>(key.rsa_exponent());
}

Wrapped execute(pkcs11::Session& session, const ProvenRecipe& recipe,
                const WrappingKey& wrapping_key, const Target& target) {
  Wrapped wrapped = internal::run(session, recipe.recipe(), wrapping_key, target);
  require_blob_shape(recipe.recipe(), *wrapping_key.host, target.type, wrapped.blob);
  return wrapped;
}

void require_blob_shape(const Recipe& recipe, const crypto::PublicKey& wrapping_key,
                        const KeyType& target, ByteView blob) {
  const std::size_t rsa = wrapping_key.rsa_bits() / 8;
  if (recipe.algorithm.scheme == Scheme::kRsaOaep) {
    if (blob.size() != rsa) wrong_size(blob.size(), fmt::format("{} (the modulus length)", rsa));
    return;
  }
  // RFC 5649 section 4.1: 8 * ceil(n / 8) + 8.
  if (target.is_secret()) {
    const std::size_t kwp = (target.secret_bytes() + crypto::kSemiblockBytes - 1) /
                                crypto::kSemiblockBytes * crypto::kSemiblockBytes +
                            crypto::kSemiblockBytes;
    if (blob.size() != rsa + kwp) wrong_size(blob.size(), fmt::format("{} + {}", rsa, kwp));
  } else if (blob.size() < rsa + 2 * crypto::kSemiblockBytes ||
             (blob.size() - rsa) % crypto::kSemiblockBytes != 0) {
    wrong_size(blob.size(), fmt::format("{} and a multiple of 8", rsa));
  }
}

}  // namespace keyrite::wrap
