// A secret that the token has sealed for the registry, with what the log tells of it: a fresh data
// key under the active version of the tenant's key, and the secret under that. One session, one
// thread.
#pragma once

#include "act/log_facts.h"
#include "crypto/secret_bytes.h"
#include "dek/open_kek.h"
#include "pkcs11/session.h"
#include "registry/model.h"

namespace keyrite::credential {

struct SealedRow {
  registry::Credential row{};
  registry::Dek dek{};
};

// `row`: with what its header says; dek, iv and sealed are filled in. Errors: those of open_kek,
// make_data_key, unwrap_data_key, test_sealing and Sealing::seal.
[[nodiscard]] SealedRow sealed_row(pkcs11::Session& session, const dek::KekOnRecord& kek,
                                   registry::Credential row, const crypto::SecretBytes& secret,
                                   registry::Time now);
// The secret. Errors: as above; kVerification "dek-other-bytes", "sealed-record-bad",
// "data-key-record-bad"; kToken "token-ill".
[[nodiscard]] crypto::SecretBytes opened_row(pkcs11::Session& session, const dek::KekOnRecord& kek,
                                             const SealedRow& sealed);

// Nothing that could be guessed: ids, and hashes of what is encrypted.
[[nodiscard]] act::LogFacts facts_of(const SealedRow& sealed, const dek::KekOnRecord& kek);

}  // namespace keyrite::credential
