// Keys of no tenant: what generate-kek and wrap-for-import make in a site without --tenant is on
// record too, so that it is found, counted, and can be adopted. Part of a transaction; nothing is
// kept; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "base/key_origin.h"
#include "base/key_type.h"
#include "base/key_usage.h"
#include "crypto/check_value.h"
#include "pkcs11/token.h"
#include "registry/transaction.h"

namespace keyrite::keys {

// A key as it was read back from a token.
struct UnownedKey {
  std::string label{};
  Bytes cka_id{};  // without one it is not recorded: nothing would find it again
  KeyType type{};
  KeyUsage usage{};
  KeyOrigin origin{};
  std::optional<std::string> public_key_sha256{};
  std::vector<crypto::CheckValue> check_values{};
};

// Whose key a CKA_ID is. Errors kVerification "destroyed-found": a destroyed version had it; its
// object must not be there.
[[nodiscard]] std::optional<registry::Version> version_of(const registry::Stores& stores,
                                                          ByteView cka_id);
// The same, of a key that is used without its tenant's name. Error kFailed "key-of-tenant".
[[nodiscard]] std::optional<registry::Version> unowned_version(const registry::Stores& stores,
                                                               ByteView cka_id);

// The usage that a registry has for it.
[[nodiscard]] registry::Usage usage_on_record(const KeyType& type, KeyUsage usage);

// The version that it is, and what the entry tells of it. Its key's row is written in the open
// batch `batch`.
struct PutOnRecord {
  registry::VersionId version{};
  std::vector<act::Fact> changes{};  // empty: it was on record
};
[[nodiscard]] PutOnRecord put_on_record(registry::Stores& stores, const UnownedKey& key,
                                        const pkcs11::TokenInfo& token, const std::string& batch);

}  // namespace keyrite::keys
