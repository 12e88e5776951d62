#include "keys/unowned_key.h"

#include <fmt/format.h>

#include "act/change_facts.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::keys {

namespace {

// One label can be on two tokens; the names of a tenant's keys are unique.
std::string free_name(const registry::Stores& stores, const UnownedKey& key) {
  std::string name = key.label.empty() ? to_hex(key.cka_id) : key.label;
  if (!stores.keys.named(registry::kNoTenant, name)) return name;
  return fmt::format("{} ({})", name, to_hex(key.cka_id));
}

}  // namespace

std::optional<registry::Version> version_of(const registry::Stores& stores, ByteView cka_id) {
  std::optional<registry::Version> found;
  for (auto& version : stores.versions.with_cka_id(cka_id)) {
    if (version.state == registry::VersionState::kDestroyed) {
      throw Error(Kind::kVerification, "destroyed-found",
                  fmt::format("the id {} is that of version {} of key {}, which is destroyed",
                              to_hex(cka_id), version.id.number, version.id.key),
                  "an object of a destroyed version is an alarm: find out who put it there");
    }
    found = std::move(version);
  }
  return found;
}

std::optional<registry::Version> unowned_version(const registry::Stores& stores, ByteView cka_id) {
  auto version = version_of(stores, cka_id);
  if (!version) return std::nullopt;
  const auto key = stores.keys.find(version->id.key);
  if (!key || key->tenant == registry::kNoTenant) return version;
  throw Error(Kind::kFailed, "key-of-tenant",
              fmt::format("the key with the id {} is a version of a tenant's key, and leaves the "
                          "token only as its tenant's",
                          to_hex(cka_id)),
              "name it with --tenant and --key; keyrite inventory list shows whose it is");
}

registry::Usage usage_on_record(const KeyType& type, KeyUsage usage) {
  switch (usage) {
    case KeyUsage::kWrap:
      return registry::Usage::kWrap;
    case KeyUsage::kEncrypt:
      return registry::Usage::kEncrypt;
    case KeyUsage::kSign:
      return type.is_secret() ? registry::Usage::kMac : registry::Usage::kSign;
    case KeyUsage::kDerive:
      return registry::Usage::kDerive;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key has no usage");
}

PutOnRecord put_on_record(registry::Stores& stores, const UnownedKey& key,
                          const pkcs11::TokenInfo& token, const std::string& batch) {
  if (const auto known = unowned_version(stores, key.cka_id)) return {.version = known->id};
  registry::Key row{.id = act::random_id(),
                    .tenant = std::string(registry::kNoTenant),
                    .name = free_name(stores, key),
                    .type = key.type.name(),
                    .usage = usage_on_record(key.type, key.usage),
                    .batch = batch};
  stores.keys.add(row);
  const registry::Version version{.id = {row.id, 1},
                                  .cka_id = key.cka_id,
                                  .public_key_sha256 = key.public_key_sha256,
                                  .origin = key.origin};
  const registry::Copy copy{.id = act::random_id(),
                            .version = version.id,
                            .form = registry::CopyForm::kToken,
                            .cka_id = key.cka_id,
                            .state = registry::CopyState::kPresent};
  return {.version = version.id,
          .changes = {act::new_key(row), act::new_version(version, key.check_values),
                      act::new_copy(copy, token)}};
}

}  // namespace keyrite::keys
