// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/version_objects.h"

#include "keys/internal/left_half.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;

}  // namespace

std::vector<pkcs11::ObjectHandle> objects_of(const pkcs11::Session& session, const Bytes& id) {
  std::vector<pkcs11::ObjectHandle> all;
  // The private half first: what is left of a run that is killed here is public.
  for (const auto one :
       {ObjectClass::kSecretKey, ObjectClass::kPrivateKey, ObjectClass::kPublicKey}) {
    for (const auto handle :
         session.find(pkcs11::Template{}.set<Attr::kClass>(one).set<Attr::kId>(id)))
      all.push_back(handle);
  }
  return all;
}

void require_objects_of(act::TokenSession& token, const VersionOnRecord& record,
                        const site::Site& site) {
  if (objects_of(token.session(), record.version.cka_id).empty()) return;
  if (!is_left_half(token, record, site)) (void)require_recorded_key(token, record);
}

}  // namespace keyrite::keys
