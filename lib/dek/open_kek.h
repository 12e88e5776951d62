// The KEK of a tenant's key at the token: found by its CKA_ID, and shown by its canary to be the
// key that was activated, before anything is wrapped or opened under it. An RSA KEK opens what the
// host wraps under the public half on record. What the registry allows
// of its version is asked first. One session, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "act/context.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "registry/transaction.h"
#include "wrap/data_key.h"
#include "wrap/data_key_wrap.h"

namespace keyrite::dek {

// A KEK as the registry has it.
struct KekOnRecord {
  registry::Key key{};
  registry::Version version{};
  wrap::KekCanary canary{};  // of an AES KEK
  Bytes public_key{};        // of an RSA KEK, as it was activated: DER SubjectPublicKeyInfo
  [[nodiscard]] std::string text() const;  // "version 3 of the key \"payments\""
};

// Whether `use` is allowed of this version now. Errors kFailed "key-wraps-nothing" (a key that does
// not wrap), "version-not-active" for kWrap, "version-not-opening" for the others,
// "canary-missing"; those of checked_key_policy.
[[nodiscard]] KekOnRecord kek_on_record(const registry::Stores& stores,
                                        const registry::VersionId& id, registry::Use use,
                                        const registry::DecisionInLog& log);
// The active version of a key. Error kFailed "version-none-active"; as kek_on_record.
[[nodiscard]] KekOnRecord active_kek(const registry::Stores& stores, const registry::Key& key,
                                     const registry::DecisionInLog& log);

// Of an RSA KEK. Error kVerification "canary-differs": its SHA-256 is not the version's.
[[nodiscard]] crypto::PublicKey public_key_of(const KekOnRecord& record);

struct OpenKek {
  wrap::Kek kek{};
  wrap::DataKeyWrap proven;
  wrap::KekCanary canary{};  // what it opened just now
};
// Errors kToken "object-not-found", "object-ambiguous", "kek-not-as-made" (it may do more than
// wrap, or may leave the token); those of test_data_key_wrap, test_rsa_kek, outside_canary and
// require_canary.
[[nodiscard]] OpenKek open_kek(pkcs11::Session& session, const KekOnRecord& record);

}  // namespace keyrite::dek
