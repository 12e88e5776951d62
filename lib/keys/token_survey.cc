#include "keys/token_survey.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "wrap/key_check_value.h"
#include "wrap/key_generation.h"
#include "wrap/key_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;
using pkcs11::ObjectHandle;

// A type that keyrite does not know is another program's key: it is told, and stops nothing.
void read_type(pkcs11::Session& session, ObjectHandle handle, SurveyedKey& key) {
  try {
    key.type = wrap::read_key_type(session, handle);
  } catch (const Error& error) {
    if (error.ckr() || error.kind() != Kind::kToken) throw;
    key.unread = error.message();
  }
}

void read_value(pkcs11::Session& session, ObjectHandle handle, SurveyedKey& key) {
  auto found = wrap::key_check_value(session, handle);
  if (found.value) {
    key.check_values.push_back(std::move(*found.value));
  } else if (key.unread.empty()) {
    key.unread = found.why_none;
  }
}

void read_half(const pkcs11::Session& session, ObjectHandle handle, SurveyedKey& key) {
  try {
    key.public_key_sha256 = wrap::read_public_key(session, handle, key.type.value()).sha256();
  } catch (const Error& error) {
    if (error.code() != "public-half-unreadable") throw;
    key.unread = error.message();
  }
}

SurveyedKey read_key(pkcs11::Session& session, ObjectHandle handle, ObjectClass object_class) {
  SurveyedKey key{.object_class = object_class,
                  .label = session.read_text(handle, Attr::kLabel).value_or(""),
                  .id = session.read_bytes(handle, Attr::kId).value_or(Bytes{})};
  read_type(session, handle, key);
  if (object_class == ObjectClass::kPublicKey) {
    if (key.type) read_half(session, handle, key);
    return key;
  }
  key.attributes = read_as_it_is(session, handle);
  // An RSA key has its modulus in both halves.
  if (object_class == ObjectClass::kPrivateKey && key.type && key.type->family == KeyFamily::kRsa)
    read_half(session, handle, key);
  if (object_class == ObjectClass::kSecretKey) read_value(session, handle, key);
  return key;
}

}  // namespace

std::vector<SurveyedKey> survey_token(act::TokenSession& token, ByteView log_key) {
  auto& session = token.session();
  session.require_login();
  bool seen = false;
  std::vector<SurveyedKey> found;
  for (const auto object_class :
       {ObjectClass::kSecretKey, ObjectClass::kPrivateKey, ObjectClass::kPublicKey}) {
    for (const auto handle :
         session.find(pkcs11::Template{}.set<Attr::kClass>(object_class).set<Attr::kToken>(true))) {
      auto key = read_key(session, handle, object_class);
      const bool is_log_key =
          std::ranges::equal(key.id, log_key) && object_class != ObjectClass::kSecretKey;
      seen = seen || (is_log_key && object_class == ObjectClass::kPrivateKey);
      if (!is_log_key) found.push_back(std::move(key));
    }
  }
  session.require_login();
  if (seen) return found;
  throw Error(
      Kind::kToken, "log-key-not-seen",
      fmt::format("among {} key objects of the token, the key that signs this site's log "
                  "(id {}) was not found",
                  found.size(), to_hex(log_key)),
      "the token does not show everything that it has: run this again, then ask its vendor");
}

}  // namespace keyrite::keys
