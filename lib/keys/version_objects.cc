// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/version_objects.h"

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "wrap/key_generation.h"
#include "wrap/key_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;

std::vector<pkcs11::ObjectHandle> of_class(const pkcs11::Session& session, const Bytes& id,
                                           ObjectClass one) {
  return session.find(pkcs11::Template{}.set<Attr::kClass>(one).set<Attr::kId>(id));
}

[[noreturn]] void differs(const VersionOnRecord& record, std::string_view what) {
  throw Error(Kind::kVerification, "version-differs",
              fmt::format("the object with the id of {} has another {}",
                          act::version_text(record.key, record.version.id), what),
              "nothing was destroyed: find out whose key it is");
}

// What a half that is alone can be compared by: its type, and the public half where it has it.
void require_half(pkcs11::Session& session, pkcs11::ObjectHandle half,
                  const VersionOnRecord& record) {
  const auto type = wrap::read_key_type(session, half);
  if (type.name() != record.key.type) differs(record, "type");
  if (!record.version.public_key_sha256) return;
  try {
    if (wrap::read_public_key(session, half, type).sha256() != *record.version.public_key_sha256)
      differs(record, "public half");
  } catch (const Error& error) {
    if (error.code() != "public-half-unreadable") throw;
  }
}

}  // namespace

std::vector<pkcs11::ObjectHandle> objects_of(const pkcs11::Session& session, const Bytes& id) {
  std::vector<pkcs11::ObjectHandle> all;
  for (const auto one :
       {ObjectClass::kSecretKey, ObjectClass::kPrivateKey, ObjectClass::kPublicKey}) {
    for (const auto handle : of_class(session, id, one)) all.push_back(handle);
  }
  return all;
}

void require_objects_of(act::TokenSession& token, const VersionOnRecord& record) {
  auto& session = token.session();
  const auto objects = objects_of(session, record.version.cka_id);
  const bool is_pair = !parse_key_type(record.key.type).is_secret();
  if (objects.size() == 1 && is_pair) {
    require_half(session, objects.front(), record);
  } else if (!objects.empty()) {
    (void)require_recorded_key(token, record);
  }
}

}  // namespace keyrite::keys
