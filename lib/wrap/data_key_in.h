// Data keys that exist outside, put under a KEK: into the token by C_CreateObject, or, where the
// token takes no plaintext, by RSA-OAEP to a key pair of this session. What was wrapped is opened
// again and compared with what was given. The way is found with the first one and kept. One
// session, one thread.
#pragma once

#include <optional>

#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"
#include "wrap/data_key.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

class DataKeyIn {
 public:
  DataKeyIn(pkcs11::Session& session, const DataKeyWrap& proven)
      : session_(session), proven_(proven) {}
  DataKeyIn(const DataKeyIn&) = delete;
  DataKeyIn& operator=(const DataKeyIn&) = delete;
  ~DataKeyIn() = default;

  // Of 1 to kLargestDataKey bytes. Errors: those of wrap_session_key; kToken "data-key-not-taken"
  // (by neither way), "data-key-differs" (another key comes out of the record).
  [[nodiscard]] WrappedKey wrap(const Kek& kek, const crypto::SecretBytes& value);

 private:
  [[nodiscard]] pkcs11::ObjectHandle put(const crypto::SecretBytes& value);
  [[nodiscard]] std::optional<pkcs11::ObjectHandle> created(const crypto::SecretBytes& value);
  [[nodiscard]] pkcs11::ObjectHandle sent(const crypto::SecretBytes& value);
  void prepare_pair();
  void require_same(const Kek& kek, const WrappedKey& record, const crypto::SecretBytes& value);
  pkcs11::Session& session_;
  const DataKeyWrap& proven_;
  bool takes_none_{false};  // the token takes no plaintext
  std::optional<SessionObject> private_half_{};
  std::optional<SessionObject> public_half_{};
  std::optional<crypto::PublicKey> public_key_{};
  std::optional<Hash> hash_{};
};

}  // namespace keyrite::wrap
