// Data keys in plaintext, for the service that they belong to: read where the token gives them out,
// else wrapped by it to an RSA key of this process and opened here. The way is found with the first
// one and kept. One session, one thread.
#pragma once

#include <optional>

#include "base/wrapping.h"
#include "crypto/recipient_key.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"
#include "wrap/data_key.h"

namespace keyrite::wrap {

class DataKeyOut {
 public:
  DataKeyOut(pkcs11::Session& session, const DataKeyWrap& proven)
      : session_(session), proven_(proven) {}
  DataKeyOut(const DataKeyOut&) = delete;
  DataKeyOut& operator=(const DataKeyOut&) = delete;
  ~DataKeyOut() = default;

  // Errors: those of unwrap_data_key; kToken "data-key-kept": the token gives it out by neither
  // way.
  [[nodiscard]] crypto::SecretBytes open(const Kek& kek, const WrappedKey& record);

 private:
  [[nodiscard]] std::optional<crypto::SecretBytes> read(const Kek& kek, const WrappedKey& record);
  [[nodiscard]] crypto::SecretBytes wrapped_here(const Kek& kek, const WrappedKey& record);
  void prepare_recipient();
  pkcs11::Session& session_;
  const DataKeyWrap& proven_;
  bool keeps_{false};  // the token gives out no CKA_VALUE
  std::optional<crypto::RecipientKey> recipient_{};
  std::optional<SessionObject> wrapping_key_{};
};

}  // namespace keyrite::wrap
