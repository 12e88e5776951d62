// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/internal/left_half.h"

#include <fmt/format.h>

#include "act/public_half.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/key_type.h"
#include "keys/logged_public_half.h"
#include "keys/next_version.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;

[[noreturn]] void differs(const VersionOnRecord& record, const std::string& expected,
                          const std::string& found) {
  throw Error(Kind::kVerification, "version-differs",
              fmt::format("{}: one half of it is left in the token, {}, and {} is on record",
                          act::version_text(record.key, record.version.id), found, expected),
              "nothing was destroyed: the token holds another key under this id, or a row was "
              "changed: find out by whom")
      .with_compared({.expected = expected, .found = found});
}

bool has(const pkcs11::Session& session, const Bytes& id, ObjectClass one) {
  return !session.find(pkcs11::Template{}.set<Attr::kClass>(one).set<Attr::kId>(id)).empty();
}

void require_public(pkcs11::Session& session, const VersionOnRecord& record, const KeyType& type) {
  const auto handle =
      session.find_one({.id = record.version.cka_id, .object_class = ObjectClass::kPublicKey});
  const auto found = wrap::read_public_key(session, handle, type).sha256();
  const auto expected = record.version.public_key_sha256.value_or("none");
  if (found != expected) differs(record, expected, found);
}

void require_private(pkcs11::Session& session, const VersionOnRecord& record,
                     const site::Site& site) {
  const auto handle =
      session.find_one({.id = record.version.cka_id, .object_class = ObjectClass::kPrivateKey});
  const auto half = logged_public_half(site, record.version);
  if (!half) differs(record, "no public half", "the private one");
  act::require_public_half(session, handle, usage_in_token(record.key.usage), *half,
                           act::version_text(record.key, record.version.id));
}

}  // namespace

bool is_left_half(act::TokenSession& token, const VersionOnRecord& record, const site::Site& site) {
  auto& session = token.session();
  const auto type = parse_key_type(record.key.type);
  if (type.is_secret()) return false;
  const bool private_half = has(session, record.version.cka_id, ObjectClass::kPrivateKey);
  const bool public_half = has(session, record.version.cka_id, ObjectClass::kPublicKey);
  if (private_half == public_half) return false;
  if (public_half) require_public(session, record, type);
  if (private_half) require_private(session, record, site);
  return true;
}

}  // namespace keyrite::keys
