// The key in the token that signs a site's log: how keyrite finds it, and how it signs. One
// session, one thread.
#pragma once

#include "act/act_log.h"
#include "act/token_session.h"
#include "pkcs11/session.h"
#include "site/site.h"
#include "transcript/note.h"

namespace keyrite::act {

// The signature of a note's text by the private key with this CKA_ID, as a note carries it (64
// bytes for Ed25519, DER for ECDSA P-256). Errors kToken "object-not-found", "object-ambiguous";
// those of Session::sign.
[[nodiscard]] Bytes sign_note(pkcs11::Session& session, const transcript::NoteKey& key,
                              const Bytes& id, std::string_view text);

// Before anything is done at a site's token, and before the log is signed: this is the one whose
// key signs the log, since it signs what the site's vkey verifies. Label and serial number are what
// a token says of itself. Errors kToken "object-not-found", "object-ambiguous"; kVerification
// "log-key-differs"; those of Session::sign.
void require_log_key(TokenSession& token, const site::Site& site);
// The same; a session or login that was lost is taken up again once, since a note may be signed
// twice.
[[nodiscard]] Bytes sign_note(TokenSession& token, const transcript::NoteKey& key, const Bytes& id,
                              std::string_view text);

// Signs by the site's log key; `token` outlives it.
[[nodiscard]] ActLog::Sign log_signer(TokenSession& token, const site::Site& site);
// From here on `log` can be signed; `token` outlives it. Errors: those of ActLog::sign_with.
void sign_log_at(TokenSession& token, ActLog& log, const site::Site& site);

}  // namespace keyrite::act
