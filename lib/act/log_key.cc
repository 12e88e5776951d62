#include "act/log_key.h"

#include <fmt/format.h>

#include "act/public_half.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace keyrite::act {

namespace {

pkcs11::ObjectHandle find_log_key(pkcs11::Session& session, const Bytes& id) {
  return session.find_one({.id = id, .object_class = pkcs11::ObjectClass::kPrivateKey});
}

void require_log_key(pkcs11::Session& session, const site::Site& site) {
  const auto& key = site.log_key;
  const auto handle = find_log_key(session, from_hex(site.settings.log.key_id));
  if (signs_as(session, handle, key.key(), "trying the log's key")) return;
  throw Error(Kind::kVerification, "log-key-differs",
              fmt::format("the key with id {} in token \"{}\" is not the one that signs the log "
                          "\"{}\": this is a different token, whatever it calls itself",
                          site.settings.log.key_id, printable(session.token().info().label),
                          printable(key.name())),
              "keyrite did nothing there; find out whose token it is");
}

}  // namespace

void require_log_key(TokenSession& token, const site::Site& site) {
  try {
    require_log_key(token.session(), site);
  } catch (const Error& error) {
    if (!token.is_lost(error)) throw;
    token.reconnect();
    require_log_key(token.session(), site);
  }
}

Bytes sign_note(pkcs11::Session& session, const transcript::NoteKey& key, const Bytes& id,
                std::string_view text) {
  const auto handle = find_log_key(session, id);
  const std::string what = fmt::format("signing the log \"{}\"", printable(key.name()));
  if (key.type() == transcript::SignatureType::kEd25519)
    return session.sign(pkcs11::Mechanism::eddsa(), handle, as_bytes(text), what);
  // CKM_ECDSA_SHA256 is missing in some tokens: the digest is made here.
  const Bytes raw =
      session.sign(pkcs11::Mechanism::ecdsa(), handle, crypto::sha256(as_bytes(text)), what);
  return crypto::ecdsa_der(raw, curve_info(key.key().type().curve).field_bytes);
}

Bytes sign_note(TokenSession& token, const transcript::NoteKey& key, const Bytes& id,
                std::string_view text) {
  try {
    return sign_note(token.session(), key, id, text);
  } catch (const Error& error) {
    if (!token.is_lost(error)) throw;
    token.reconnect();
  }
  return sign_note(token.session(), key, id, text);
}

ActLog::Sign log_signer(TokenSession& token, const site::Site& site) {
  return [&token, key = site.log_key, id = from_hex(site.settings.log.key_id)](
             std::string_view text) { return sign_note(token, key, id, text); };
}

void sign_log_at(TokenSession& token, ActLog& log, const site::Site& site) {
  log.sign_with(log_signer(token, site));
}

}  // namespace keyrite::act
