#include "credential/sealed_row.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "credential/record.h"
#include "crypto/digest.h"
#include "dek/new_id.h"
#include "wrap/data_key.h"
#include "wrap/sealing.h"

namespace keyrite::credential {

namespace {

constexpr std::size_t kDataKeyBytes = 32;

wrap::WrappedKey wrapped_of(const registry::Dek& dek) {
  const auto wrap = wrap::parse_key_wrap(dek.mechanism);
  if (wrap && crypto::sha256_hex(dek.wrapped) == dek.wrapped_sha256) return {*wrap, dek.wrapped};
  throw Error(
      Kind::kVerification, "dek-other-bytes",
      fmt::format("data key {}: its SHA-256 is not that of its wrapped bytes", printable(dek.id)),
      "the record is not to be used: find out who changed it");
}

pkcs11::ObjectHandle unwrapped(pkcs11::Session& session, const dek::OpenKek& kek,
                               const wrap::WrappedKey& wrapped) {
  return wrap::unwrap_data_key(session, kek.proven, kek.kek, wrapped, wrap::OpenedAs::kAes,
                               wrap::OpenedFor::kToken);
}

}  // namespace

SealedRow sealed_row(pkcs11::Session& session, const dek::KekOnRecord& kek,
                     registry::Credential row, const crypto::SecretBytes& secret,
                     registry::Time now) {
  const auto open = dek::open_kek(session, kek);
  const auto sealing = wrap::test_sealing(session, open.proven);
  auto wrapped = wrap::make_data_key(session, open.proven, open.kek, kDataKeyBytes);
  SealedRow made{.row = std::move(row)};
  made.dek.id = dek::new_dek_id(now);
  made.dek.tenant = kek.key.tenant;
  made.dek.version = kek.version.id;
  made.dek.kept = registry::Kept::kHere;
  made.dek.wrapped_sha256 = crypto::sha256_hex(wrapped.content);
  made.dek.mechanism = wrap::key_wrap_name(wrapped.wrap);
  made.dek.created = now;
  made.row.dek = made.dek.id;
  // Out of its record, so that what seals is what will open.
  const wrap::SessionObject data_key(session, unwrapped(session, open, wrapped));
  auto sealed = sealing.seal(data_key.handle(), as_bytes(header_of(made.row, made.dek)), secret);
  made.dek.wrapped = std::move(wrapped.content);
  made.row.iv = std::move(sealed.iv);
  made.row.sealed = std::move(sealed.content);
  return made;
}

crypto::SecretBytes opened_row(pkcs11::Session& session, const dek::KekOnRecord& kek,
                               const SealedRow& sealed) {
  const auto wrapped = wrapped_of(sealed.dek);
  const auto open = dek::open_kek(session, kek);
  const auto sealing = wrap::test_sealing(session, open.proven);
  std::optional<wrap::SessionObject> data_key;
  try {
    data_key.emplace(session, unwrapped(session, open, wrapped));
  } catch (const Error& error) {
    throw wrap::judged(session, open.proven, open.kek, open.canary, error);
  }
  return sealing.open(data_key->handle(), as_bytes(header_of(sealed.row, sealed.dek)),
                      {sealed.row.iv, sealed.row.sealed});
}

act::LogFacts facts_of(const SealedRow& sealed, const dek::KekOnRecord& kek) {
  return {{"credential", act::Fact::id(sealed.row.id)},
          {"tenant", act::Fact::id(sealed.row.tenant)},
          {"key", act::Fact::id(kek.key.id)},
          {"version", kek.version.id.number},
          {"key_id", act::Fact::id(to_hex(kek.version.cka_id))},
          {"wrap", act::Words::listed(sealed.dek.mechanism, {"aes-kwp", "aes-kw"})},
          {"dek", act::Fact::id(sealed.dek.id)},
          {"wrapped_sha256", act::Fact::sha256(sealed.dek.wrapped_sha256)},
          {"sealed_sha256", act::Fact::sha256(crypto::sha256_hex(sealed.row.sealed))}};
}

}  // namespace keyrite::credential
