#include "dek/open_kek.h"

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/key_type.h"
#include "base/text.h"
#include "registry/states.h"

namespace keyrite::dek {

namespace {

using pkcs11::Attr;

// The mechanism of a canary that is a public half (keys/validate_version.cc).
constexpr std::string_view kPublicKey = "public-key";

void require_kek(const registry::Key& key) {
  const auto type = parse_key_type(key.type);
  const bool wraps = type.family == KeyFamily::kAes || type.family == KeyFamily::kRsa;
  if (wraps && key.usage == registry::Usage::kWrap) return;
  throw Error(Kind::kFailed, "key-wraps-nothing",
              fmt::format("the key \"{}\" is of type {} with the usage {}, and wraps no data keys",
                          printable(key.name.value_or(key.id)), printable(key.type),
                          registry::word(key.usage)),
              "data keys are wrapped by AES and RSA keys with the usage wrap");
}

void require_use(const registry::Stores& stores, const KekOnRecord& record, registry::Use use,
                 const registry::DecisionInLog& log) {
  const auto& version = record.version;
  auto when = registry::WhenCompromised::kStop;
  if (version.state == registry::VersionState::kCompromised)
    when = stores.decisions.checked_key_policy(record.key.id, log).compromised;
  if (registry::may(version.state, version.frozen_by.has_value(), use, when)) return;
  const auto state = version.frozen_by ? "frozen" : registry::word(version.state);
  if (use == registry::Use::kWrap) {
    throw Error(Kind::kFailed, "version-not-active", fmt::format("{} is {}", record.text(), state),
                "only an active version wraps");
  }
  throw Error(Kind::kFailed, "version-not-opening", fmt::format("{} is {}", record.text(), state),
              "docs/formats/registry.md says in which states a version opens what it wrapped");
}

void add_canary(const registry::Stores& stores, KekOnRecord& record) {
  const auto canary = stores.versions.canary(record.version.id);
  const bool secret = parse_key_type(record.key.type).is_secret();
  if (canary && !secret && canary->mechanism == kPublicKey) {
    record.public_key = canary->content;
    return;
  }
  const auto wrap = canary && secret ? wrap::parse_key_wrap(canary->mechanism) : std::nullopt;
  if (wrap && !wrap::rsa_wrap(*wrap)) {
    record.canary = {.wrapped = {*wrap, canary->content}, .answer_sha256 = canary->answer_sha256};
    return;
  }
  throw Error(Kind::kFailed, "canary-missing",
              fmt::format("the registry has no canary of {}", record.text()),
              "a version gets its canary when it is activated: the registry was changed by hand");
}

// A KEK that may encrypt lets whoever may use it read what it wrapped.
void require_as_made(const pkcs11::Session& session, const KekOnRecord& record,
                     pkcs11::ObjectHandle kek) {
  const auto is = [&](Attr attribute) { return session.read_bool(kek, attribute) == true; };
  const bool narrow = !is(Attr::kDecrypt) && !is(Attr::kEncrypt);
  if (narrow && is(Attr::kToken) && is(Attr::kSensitive)) return;
  throw Error(Kind::kToken, "kek-not-as-made",
              fmt::format("{} may encrypt or decrypt in the token, or is not protected there: "
                          "whoever may use it can read what it wraps",
                          record.text()),
              "find out who changed it, and rotate the key");
}

}  // namespace

std::string KekOnRecord::text() const { return act::version_text(key, version.id); }

KekOnRecord kek_on_record(const registry::Stores& stores, const registry::VersionId& id,
                          registry::Use use, const registry::DecisionInLog& log) {
  const auto key = stores.keys.find(id.key);
  const auto version = stores.versions.find(id);
  if (!key || !version) {
    throw Error(Kind::kInternal, "kek-unknown", "a data key is under a version that is not there");
  }
  require_kek(*key);
  KekOnRecord record{.key = *key, .version = *version};
  require_use(stores, record, use, log);
  add_canary(stores, record);
  return record;
}

KekOnRecord active_kek(const registry::Stores& stores, const registry::Key& key,
                       const registry::DecisionInLog& log) {
  require_kek(key);
  if (const auto version = stores.versions.active(key.id))
    return kek_on_record(stores, version->id, registry::Use::kWrap, log);
  throw Error(
      Kind::kFailed, "version-none-active",
      fmt::format("the key \"{}\" has no active version", printable(key.name.value_or(key.id))),
      "make one with keyrite generate-kek, then keyrite key activate");
}

crypto::PublicKey public_key_of(const KekOnRecord& record) {
  auto key = crypto::PublicKey::from_spki(record.public_key, record.text());
  const auto& expected = record.version.public_key_sha256;
  if (expected && *expected == key.sha256()) return key;
  throw Error(Kind::kVerification, "canary-differs",
              fmt::format("the public half of {} is not the one on record", record.text()),
              "the registry was changed: find out by whom");
}

OpenKek open_kek(pkcs11::Session& session, const KekOnRecord& record) {
  const KeyType type = parse_key_type(record.key.type);
  const auto handle =
      session.find_one({.id = record.version.cka_id,
                        .object_class = type.is_secret() ? pkcs11::ObjectClass::kSecretKey
                                                         : pkcs11::ObjectClass::kPrivateKey});
  require_as_made(session, record, handle);
  if (!type.is_secret()) {
    const auto key = public_key_of(record);
    OpenKek open{.kek = {handle, record.text()},
                 .proven = wrap::test_rsa_kek(session, handle, key)};
    open.canary = wrap::outside_canary(open.proven, key);
    return open;
  }
  OpenKek open{.kek = {handle, record.text()},
               .proven = wrap::test_data_key_wrap(session, type.size),
               .canary = record.canary};
  wrap::require_canary(session, open.proven, open.kek, open.canary);
  return open;
}

}  // namespace keyrite::dek
