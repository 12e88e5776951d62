// Data keys for a recipient who has an RSA key: opened in the token and wrapped there under the
// recipient's public half (RSAES-OAEP), so that no plaintext leaves it. By which hash is proven
// with a throw-away key before. One session, one thread.
#pragma once

#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "wrap/data_key.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

// The hash by which the token's RSA-OAEP under a key of this size opens outside: SHA-256, else
// SHA-1. Errors kToken "data-key-not-wrapped"; those of SelfTest.
[[nodiscard]] Hash proven_oaep_hash(pkcs11::Session& session, unsigned rsa_bits);

class DataKeyRecipient {
 public:
  // Errors: those of import_wrapping_key.
  DataKeyRecipient(pkcs11::Session& session, const crypto::PublicKey& recipient, Hash hash);
  DataKeyRecipient(const DataKeyRecipient&) = delete;
  DataKeyRecipient& operator=(const DataKeyRecipient&) = delete;
  ~DataKeyRecipient() = default;

  // Errors: those of unwrap_data_key; kToken with the CKR; "wrap-size".
  [[nodiscard]] Bytes wrap(const DataKeyWrap& proven, const Kek& kek, const WrappedKey& record);

 private:
  pkcs11::Session& session_;
  Hash hash_;
  std::size_t bytes_;  // of each result
  SessionObject wrapping_key_;
};

}  // namespace keyrite::wrap
